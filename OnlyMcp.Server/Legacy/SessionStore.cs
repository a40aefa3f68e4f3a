using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;

namespace OnlyMcp.Server.Legacy;

/// <summary>The sessions of Streamable HTTP, by their ids.</summary>
/// <remarks>Spec: 2025-11-25 basic/transports §Session Management</remarks>
internal sealed class SessionStore(McpServerOptions options)
{
    private readonly ConcurrentDictionary<string, Session> sessions = new();

    /// <summary>How many there are, and how many there may be.</summary>
    public (int Now, int Most) Count => (sessions.Count, options.Limits.MaxSessions);

    /// <summary>Enters a session under a new id that nobody can guess.</summary>
    public string Add(Session session)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        sessions[id] = session;
        return id;
    }

    /// <summary>The session of that id, if it is there and belongs to that principal.</summary>
    public Session? Find(string id, ClaimsPrincipal? principal) =>
        sessions.TryGetValue(id, out var session) && BelongsTo(session, principal) ? session : null;

    private static bool BelongsTo(Session session, ClaimsPrincipal? principal) => PrincipalItems.KeyOf(session.Principal) == PrincipalItems.KeyOf(principal);
}
