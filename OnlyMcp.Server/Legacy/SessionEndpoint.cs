using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Legacy;

/// <summary>What sessions do at the MCP endpoint beside POST: GET listens to the server, DELETE ends the session.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/transports §Listening for Messages from the Server
/// Spec: 2025-11-25 basic/transports §Session Management
/// </remarks>
internal sealed class SessionEndpoint(McpHttpHandler handler, SessionStore sessions) : IHttpEndpoint
{
    public bool Claims(string method, string path) => method is "GET" or "DELETE" && path == handler.Options.Path;

    public async ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        var session = SessionHeaders.Find(http, sessions, handler.Server.Options, http.Principal);
        if (http.Method == "GET")
        {
            await ListenAsync(http, session).ConfigureAwait(false);
            return;
        }

        // SHOULD: a client that needs its session no longer ends it.
        sessions.End(http.Header(McpHeaders.SessionId)!, "The client ended the session.");
        await HttpReply.SendEmptyAsync(http, 204).ConfigureAwait(false);
    }

    private async ValueTask ListenAsync(HttpExchange http, Session session)
    {
        // MUST: the client lists text/event-stream as what it takes.
        if (!AcceptHeader.Parse(http.Header("Accept")).Events)
            throw new RefusedRequestException(406, ErrorCode.InvalidRequest, "The answer is text/event-stream, which Accept excludes.");

        var stream = new HttpEventStream(http, handler.Server.Options, handler.Options);
        await using (stream.ConfigureAwait(false))
        {
            // Resuming begins here: events will carry ids, and Last-Event-ID say which were received.
            await stream.SendCommentAsync().ConfigureAwait(false);
            await session.Outbox.AttachAsync(stream).ConfigureAwait(false);
            session.BeginListening();
            await stream.WaitAsync(handler.Stopping).ConfigureAwait(false);
        }
    }
}
