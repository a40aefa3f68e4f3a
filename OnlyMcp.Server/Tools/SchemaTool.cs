using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tools;

/// <summary>A tool whose schema is given and whose arguments are JSON: nothing is read from types, so a trimmed program may use it.</summary>
/// <param name="definition">What clients are told; its <see cref="Tool.InputSchema"/> is enforced.</param>
/// <param name="handler">Does it.</param>
/// <param name="tasks">How its calls become tasks; null if they never do.</param>
public sealed class SchemaTool(
    Tool definition, Func<JsonElement, RequestContext, CancellationToken, ValueTask<Result>> handler, ToolTasks? tasks = null) : McpTool
{
    /// <inheritdoc/>
    public override string Name => Definition.Name;

    /// <inheritdoc/>
    public override Tool Definition { get; } = Checked(definition);

    /// <inheritdoc/>
    public override ToolTasks? Tasks => tasks;

    /// <inheritdoc/>
    public override ValueTask<Result> CallAsync(
        JsonElement arguments, RequestContext context, CancellationToken cancellationToken) =>
        handler(arguments, context, cancellationToken);

    private static Tool Checked(Tool definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Protocol.Transport.ParameterHeaders.TryParse(definition.InputSchema, out _, out var problem)
            ? definition
            : throw new ArgumentException($"The tool '{definition.Name}' cannot be offered: {problem}", nameof(definition));
    }
}
