using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Completions;
using Completion = OnlyMcp.Protocol.Schema.Completion;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 server/utilities/completion §Capabilities
public sealed partial class McpServer
{
    /// <summary>Whether clients are told that arguments are completed.</summary>
    internal bool OffersCompletions => Options.Capabilities.Completions is not null
        || Prompts.All.Any(prompt => prompt.Completions.Any) || ResourceTemplates.All.Any(template => template.Completions.Any);

    /// <summary>
    /// Proposes values of a list while somebody types an argument: those that begin with what was typed, then those that hold it
    /// elsewhere. Enums and bools are completed without it.
    /// </summary>
    /// <param name="reference">The prompt or the resource template, which was added before.</param>
    /// <param name="argument">The prompt's argument, or the template's variable.</param>
    /// <param name="values">The values, the best one first.</param>
    /// <exception cref="ArgumentException">There is no such prompt or template, or it has no such argument.</exception>
    public void AddCompletion(CompletionReference reference, string argument, IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        AddCompleter(reference, argument, Proposals.Among([.. values]));
    }

    /// <summary>Proposes what a function gives, the best value first. No more than 101 values are asked of it.</summary>
    /// <param name="reference">The prompt or the resource template, which was added before.</param>
    /// <param name="argument">The prompt's argument, or the template's variable.</param>
    /// <param name="values">From what has been typed, and the arguments that are known, to the values.</param>
    /// <exception cref="ArgumentException">There is no such prompt or template, or it has no such argument.</exception>
    public void AddCompletion(CompletionReference reference, string argument, Func<CompletionQuery, IEnumerable<string>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        AddCompleter(reference, argument, Proposals.From(values));
    }

    /// <summary>Proposes what a function finds, which may take its time, and say how many there are.</summary>
    /// <param name="reference">The prompt or the resource template, which was added before.</param>
    /// <param name="argument">The prompt's argument, or the template's variable.</param>
    /// <param name="complete">From what has been typed, and the arguments that are known, to the proposals. The first 100 are sent.</param>
    /// <exception cref="ArgumentException">There is no such prompt or template, or it has no such argument.</exception>
    public void AddCompletion(
        CompletionReference reference, string argument, Func<CompletionQuery, CancellationToken, ValueTask<Completion>> complete)
    {
        ArgumentNullException.ThrowIfNull(complete);
        AddCompleter(reference, argument, new Completer(complete));
    }

    private void AddCompleter(CompletionReference reference, string argument, Completer completer)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(argument);
        var target = CompletionTarget.Of(reference, this)
            ?? throw new ArgumentException($"There is no {CompletionTarget.InWords(reference)}; add it first.", nameof(reference));
        if (!target.Arguments.Contains(argument))
            throw new ArgumentException(target.NoSuchArgument(argument), nameof(argument));
        target.Completions.Set(argument, completer);
    }
}
