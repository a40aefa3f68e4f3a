using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Resources;

/// <summary>A resource that is given with the code that reads it: nothing is read from types, so a trimmed program may use it.</summary>
/// <param name="definition">What clients are told.</param>
/// <param name="handler">Reads it.</param>
public sealed class DefinedResource(Resource definition, Func<RequestContext, CancellationToken, ValueTask<Result>> handler) : McpResource
{
    /// <inheritdoc/>
    public override Resource Definition { get; } = definition ?? throw new ArgumentNullException(nameof(definition));

    /// <inheritdoc/>
    public override ValueTask<Result> ReadAsync(RequestContext context, CancellationToken cancellationToken) =>
        handler(context, cancellationToken);
}
