using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>One walk of a value through a schema: what it has cost so far, where it stands, and the errors it has met.</summary>
/// <remarks>
/// A struct on the caller's stack, handed down by reference. It runs in one of two ways: without errors, where the first misfit ends it
/// and nothing is allocated, or gathering errors, where it goes on and keeps track of the path.
/// </remarks>
internal struct Evaluation(EvaluationLimits limits, ErrorList? errors)
{
    private int stepsLeft = limits.MaxSteps;
    private int depth;
    private TimeSpan matchTime;

    /// <summary>Where errors go; null while nobody wants to know them.</summary>
    public ErrorList? Errors = errors;

    /// <summary>Which members or items of the current value have been evaluated; null while no unevaluated* keyword asks.</summary>
    public Evaluated? Evaluated;

    /// <summary>The schema resources on the way here, innermost first; null while no $dynamicRef asks.</summary>
    public DynamicScope? Scope;

    public readonly EvaluationLimits Limits => limits;

    /// <summary>A limit was reached. It ends everything: a "not" around it must not turn it into a success.</summary>
    public readonly bool GaveUp => Reason is not null;

    /// <summary>Which limit was reached.</summary>
    public JsonSchemaError? Reason { get; private set; }

    /// <summary>Whether a check that has failed may end here, because nobody wants to know what else is wrong.</summary>
    public readonly bool StopsAtFailure => Errors is null || GaveUp || Errors.IsFull;

    /// <summary>Pays for work. False when the budget is spent.</summary>
    public bool Charge(int steps = 1)
    {
        stepsLeft -= steps;
        return stepsLeft >= 0 ? !GaveUp : GiveUp($"a value that can be checked in {limits.MaxSteps} steps", "one that takes more");
    }

    /// <summary>Pays for applying one schema. False when it must not be applied: no budget, or no stack left to do it on.</summary>
    /// <remarks>References can nest schemas far deeper than values nest, so it is the stack itself that is asked.</remarks>
    public bool Apply()
        => RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? Charge()
            : GiveUp("a value that its schema can check without nesting references this deep", "one that needs more stack than there is");

    /// <summary>Enters an array or object to look at its parts. False when it is too deep; else <see cref="Ascend"/> must follow.</summary>
    public bool Descend()
    {
        if (depth >= limits.MaxDepth)
            return GiveUp($"a value that nests at most {limits.MaxDepth} levels", "one that nests deeper");
        depth++;
        return true;
    }

    public void Ascend() => depth--;

    /// <summary>A search by regular expression has taken that long. Many slow ones together are as bad as one that hangs.</summary>
    public bool ChargeMatch(TimeSpan elapsed)
    {
        matchTime += elapsed;
        return matchTime <= limits.MaxMatchTime
            || GiveUp($"strings that patterns can search in {limits.MaxMatchTime.TotalMilliseconds} ms", "some that take longer");
    }

    public bool GiveUp(string expected, string received)
    {
        Reason ??= new JsonSchemaError(Errors?.Path ?? "", "#", expected, received);
        return false;
    }

    /// <summary>Tells of a misfit of the current value, if anybody wants to know.</summary>
    public readonly void Report(string schemaPath, string expected, JsonElement received)
    {
        if (Errors is not null && !GaveUp)
            Errors.Add(schemaPath, expected, Wording.Value(received));
    }
}
