using System.Collections.Concurrent;
using System.Security.Claims;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server;

/// <summary>What is known about a notification of a client, beside what it says.</summary>
public sealed record NotificationContext
{
    internal NotificationContext(McpServer server) => Server = server;

    /// <summary>The server that was told.</summary>
    public McpServer Server { get; }

    /// <summary>
    /// The version of the protocol that the client's session speaks; null where there is no session, since a notification names none.
    /// </summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>On whose behalf the client speaks, as the host verified it; null for nobody in particular.</summary>
    public ClaimsPrincipal? Principal { get; init; }

    /// <summary>Where services come from; null if the server was given none.</summary>
    public IServiceProvider? Services => Server.Options.Services;

    /// <summary>What handlers keep for the session; without one, it lives as long as the notification.</summary>
    public ConcurrentDictionary<string, object?> SessionItems => (ItemsOfSession ??= new()).Items;

    /// <summary>What handlers keep for the principal; for nobody in particular it lives as long as the notification.</summary>
    public ConcurrentDictionary<string, object?> PrincipalItems => field ??= Server.ItemsOf(Principal);

    /// <summary>Is cancelled when the conversation ends.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal SessionItems? ItemsOfSession { private get; set; }
}
