using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

/// <summary>Who asks for input, and for what.</summary>
/// <remarks>
/// MUST: a user is told which server asks.
/// Spec: 2026-07-28 client/elicitation §Security Considerations
/// </remarks>
public sealed record InputContext
{
    /// <summary>Where the server is: its URL without the query, or its command. Show this one, for it cannot be made up.</summary>
    public required string Server { get; init; }

    /// <summary>What the server calls itself; null if it does not say.</summary>
    public Implementation? ServerInfo { get; init; }

    /// <summary>
    /// The method of the request that cannot be answered without the input, such as <c>tools/call</c>; null where a server asks
    /// without saying why, as those until 2025-11-25 do.
    /// </summary>
    public string? Method { get; init; }

    /// <summary>The task that cannot go on without the input; null if none is known to wait. Since 2025-11-25.</summary>
    public string? TaskId { get; init; }
}
