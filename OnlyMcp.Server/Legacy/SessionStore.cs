using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Legacy;

/// <summary>The sessions of Streamable HTTP, by their ids: no more than are allowed, and none that nobody uses.</summary>
/// <remarks>Spec: 2025-11-25 basic/transports §Session Management</remarks>
internal sealed class SessionStore(McpServerOptions options)
{
    private readonly ConcurrentDictionary<string, Session> sessions = new();
    private readonly Lock gate = new();
    private ITimer? sweep;

    /// <summary>How many there are.</summary>
    public int Count => sessions.Count;

    private TimeProvider Time => options.TimeProvider;

    /// <summary>Enters a session under a new id that nobody can guess.</summary>
    /// <exception cref="RefusedRequestException">There are too many (503).</exception>
    public string Add(Session session)
    {
        lock (gate)
        {
            if (sessions.Count >= options.Limits.MaxSessions)
                throw new RefusedRequestException(503, ErrorCode.InternalError, "The server holds as many sessions as it can; try again later.");

            // SHOULD: globally unique and cryptographically secure. MUST: visible ASCII.
            var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
            session.LastUsed = Time.GetTimestamp();
            sessions[id] = session;
            sweep ??= Time.CreateTimer(_ => Sweep(), null, Interval, Interval);
            return id;
        }
    }

    /// <summary>The session of that id, if it is there and belongs to that principal.</summary>
    public Session? Find(string id, ClaimsPrincipal? principal)
    {
        if (!sessions.TryGetValue(id, out var session) || !BelongsTo(session, principal) || EndIfIdle(id, session))
            return null;

        session.LastUsed = Time.GetTimestamp();
        session.WasUsed = true;
        return session;
    }

    /// <summary>Ends a session.</summary>
    public void End(string id, string reason)
    {
        if (sessions.TryRemove(id, out var session))
            session.End(reason);
    }

    private TimeSpan Interval =>
        new[] { options.Limits.SessionIdleTimeout, options.Limits.UnusedSessionTimeout, TimeSpan.FromMinutes(1) }.Min();

    private void Sweep()
    {
        foreach (var (id, session) in sessions)
            EndIfIdle(id, session);

        lock (gate)
        {
            if (!sessions.IsEmpty)
                return;
            sweep?.Dispose();
            sweep = null;
        }
    }

    private bool EndIfIdle(string id, Session session)
    {
        // A session is idle from when it was last busy, not from when it was last asked.
        if (session.IsBusy)
            session.LastUsed = Time.GetTimestamp();
        if (Time.GetElapsedTime(session.LastUsed) < LongestIdle(session))
            return false;

        End(id, "The session was idle for too long.");
        return true;
    }

    // Choice: a client goes on at once after initialize. Sessions that only take room, opened by the thousand, make it soon.
    private TimeSpan LongestIdle(Session session) =>
        session.WasUsed || options.Limits.UnusedSessionTimeout > options.Limits.SessionIdleTimeout
            ? options.Limits.SessionIdleTimeout
            : options.Limits.UnusedSessionTimeout;

    private static bool BelongsTo(Session session, ClaimsPrincipal? principal) => PrincipalItems.KeyOf(session.Principal) == PrincipalItems.KeyOf(principal);
}
