using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Server.Resources;

/// <summary>Something that can be read: an address and a description, and the code that reads it.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Resource</remarks>
public abstract class McpResource : IDemandsScopes
{
    /// <summary>What clients are told about the resource; its address is unique in its server.</summary>
    public abstract Resource Definition { get; }

    /// <summary>For how long and for whom its contents may be kept; null for what the server says of all.</summary>
    public CachePolicy? Caching { get; init; }

    /// <inheritdoc cref="Tools.McpTool.Scopes"/>
    public IReadOnlyList<string> Scopes { get; init => field = DemandedScopes.Check(value); } = [];

    /// <summary>Reads it.</summary>
    /// <param name="context">The request that this answers.</param>
    /// <param name="cancellationToken">Is cancelled when the client no longer wants the answer.</param>
    /// <returns>Its <see cref="ReadResourceResult"/>, or another result that the client can take, such as one that asks for input.</returns>
    /// <exception cref="ResourceNotFoundException">It is not there after all.</exception>
    public abstract ValueTask<Result> ReadAsync(RequestContext context, CancellationToken cancellationToken);
}
