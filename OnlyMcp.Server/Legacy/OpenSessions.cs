using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Legacy.Tasks;

namespace OnlyMcp.Server.Legacy;

/// <summary>The sessions that are open: which of them a message belongs to, and who tells its client of changes.</summary>
/// <remarks>Spec: 2025-11-25 basic/lifecycle §Lifecycle Phases</remarks>
internal sealed class OpenSessions(McpServer server, ILogger logger)
{
    /// <summary>The session of each pipe, for as long as the pipe lives.</summary>
    private readonly ConditionalWeakTable<Conversation, Session> pipes = [];

    private readonly ConcurrentDictionary<Session, SessionChanges> live = new();

    /// <summary>Those of Streamable HTTP, by their ids.</summary>
    public SessionStore ByIds { get; } = new(server.Options);

    /// <summary>Enters the session of a pipe.</summary>
    public void Add(Session session, Conversation pipe, Exchange exchange)
    {
        pipes.Add(pipe, session);
        Enlist(session, exchange);
    }

    /// <summary>Enters a session of Streamable HTTP; its new id.</summary>
    /// <exception cref="RefusedRequestException">There are too many (503).</exception>
    public string Add(Session session, Exchange exchange)
    {
        var id = ByIds.Add(session);
        Enlist(session, exchange);
        return id;
    }

    /// <summary>The session of a pipe; null before it has one.</summary>
    public Session? Of(Conversation pipe) => pipes.TryGetValue(pipe, out var session) ? session : null;

    /// <summary>The session that a message came in; null on a pipe that has none yet, and where there is neither pipe nor HTTP.</summary>
    /// <exception cref="RefusedRequestException">The HTTP request names no session (400), or none that is there (404).</exception>
    public Session? Of(Exchange exchange)
    {
        if (exchange.Conversation is { } pipe)
            return Of(pipe);

        return exchange.Http is { } http ? SessionHeaders.Find(http, ByIds, server.Options, exchange.Principal) : null;
    }

    /// <summary>Who tells the session's client of changes; null once it has ended.</summary>
    public SessionChanges? ChangesOf(Session session) => live.GetValueOrDefault(session);

    /// <summary>Who tells the client of changes that sent a message.</summary>
    /// <exception cref="RefusedRequestException">The session has just ended (404).</exception>
    public SessionChanges ChangesOf(Exchange exchange) => Of(exchange) is { } session && ChangesOf(session) is { } changes
        ? changes
        : throw new RefusedRequestException(404, ErrorCode.InvalidRequest, "The session has ended.");

    private void Enlist(Session session, Exchange exchange)
    {
        var opened = server.Options.TimeProvider.GetTimestamp();
        var facts = McpServer.FactsOf(exchange) with { ProtocolVersion = session.Revision.Version };
        live[session] = new SessionChanges(session, server, logger);
        session.TaskForm = session.HasTasks ? new TaskForm(session, live) : null;
        session.Conversation.Closing.UnsafeRegister(_ =>
        {
            if (!live.TryRemove(session, out var changes))
                return;

            changes.Dispose();
            Telemetry.ServerEnded(server.Options.TimeProvider.GetElapsedTime(opened), facts);
        }, null);
    }
}
