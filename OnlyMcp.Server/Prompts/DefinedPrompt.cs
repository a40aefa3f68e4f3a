using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Prompts;

/// <summary>A prompt whose arguments are given and stay text: nothing is read from types, so a trimmed program may use it.</summary>
/// <param name="definition">What clients are told; which arguments it requires and knows is enforced.</param>
/// <param name="handler">Fills it in.</param>
public sealed class DefinedPrompt(
    Prompt definition, Func<IReadOnlyDictionary<string, string>, RequestContext, CancellationToken, ValueTask<Result>> handler) : McpPrompt
{
    /// <inheritdoc/>
    public override string Name => Definition.Name;

    /// <inheritdoc/>
    public override Prompt Definition { get; } = definition ?? throw new ArgumentNullException(nameof(definition));

    /// <inheritdoc/>
    public override ValueTask<Result> GetAsync(
        IReadOnlyDictionary<string, string> arguments, RequestContext context, CancellationToken cancellationToken) =>
        handler(arguments, context, cancellationToken);
}
