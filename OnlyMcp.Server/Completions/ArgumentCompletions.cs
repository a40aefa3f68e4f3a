using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools.Binding;
using Completion = OnlyMcp.Protocol.Schema.Completion;

namespace OnlyMcp.Server.Completions;

/// <summary>Proposes values for an argument.</summary>
internal delegate ValueTask<Completion> Completer(CompletionQuery query, CancellationToken cancellationToken);

/// <summary>Who proposes values for the arguments of one prompt, or for the variables of one template.</summary>
internal sealed class ArgumentCompletions
{
    private ImmutableDictionary<string, Completer> byArgument = ImmutableDictionary<string, Completer>.Empty;

    /// <summary>Whether anybody proposes anything.</summary>
    public bool Any => !byArgument.IsEmpty;

    /// <summary>Who proposes values for an argument; null if nobody does.</summary>
    public Completer? Of(string argument) => byArgument.GetValueOrDefault(argument);

    /// <summary>Has values proposed; by the last one who was set for an argument.</summary>
    public void Set(string argument, Completer completer) =>
        ImmutableInterlocked.AddOrUpdate(ref byArgument, argument, completer, (_, _) => completer);

    /// <summary>Takes in what the parameters tell: the values that their attributes list, or all that their types have.</summary>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddAll(IReadOnlyList<ParameterInfo> parameters, IReadOnlyList<TextArgument> arguments)
    {
        foreach (var (parameter, argument) in parameters.Zip(arguments))
        {
            if ((parameter.GetCustomAttribute<CompletesWithAttribute>()?.Values ?? argument.Choices) is { } values)
                Set(argument.Name, Proposals.Among(values));
        }
    }
}
