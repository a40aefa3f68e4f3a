using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Legacy;

/// <summary>What sessions do at the MCP endpoint beside POST: GET listens to the server or resumes a stream, DELETE ends the session.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/transports §Listening for Messages from the Server
/// Spec: 2025-11-25 basic/transports §Resumability and Redelivery
/// Spec: 2025-11-25 basic/transports §Session Management
/// </remarks>
internal sealed class SessionEndpoint(McpHttpHandler handler, SessionStore sessions) : IHttpEndpoint
{
    public bool Claims(string method, string path) => method is "GET" or "DELETE" && path == handler.Options.Path;

    public async ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        var session = SessionHeaders.Find(http, sessions, handler.Server.Options, http.Caller);
        if (http.Method == "GET")
        {
            await ListenAsync(http, session, session.Streams!).ConfigureAwait(false);
            return;
        }

        // SHOULD: a client that needs its session no longer ends it.
        sessions.End(http.Header(McpHeaders.SessionId)!, "The client ended the session.");
        await HttpReply.SendEmptyAsync(http, 204).ConfigureAwait(false);
    }

    private async ValueTask ListenAsync(HttpExchange http, Session session, ResumableStreams streams)
    {
        // MUST: the client lists text/event-stream as what it takes.
        if (!AcceptHeader.Parse(http.Header("Accept")).Events)
            throw new RefusedRequestException(406, ErrorCode.InvalidRequest, "The answer is text/event-stream, which Accept excludes.");

        var (stream, after) = await FindAsync(http, streams).ConfigureAwait(false);
        var connection = new HttpEventStream(http, handler.Server.Options, handler.Options);
        await using (connection.ConfigureAwait(false))
        {
            // The headers leave now, whenever the first message does.
            await connection.SendCommentAsync().ConfigureAwait(false);
            await stream.ConnectAsync(connection, after).ConfigureAwait(false);
            if (stream == streams.Standalone)
                session.BeginListening();

            // A stopping server ends what would go on for ever; a request that is in flight may still be answered, and ends its stream.
            // A token that expires ends either: its client comes back with another.
            await connection.WaitAsync(http.Until(stream == streams.Standalone ? handler.Stopping : default)).ConfigureAwait(false);
        }
    }

    /// <summary>MUST NOT: a stream that is resumed carries its own messages and no other's.</summary>
    private static async ValueTask<(ResumableStream Stream, long? After)> FindAsync(HttpExchange http, ResumableStreams streams)
    {
        if (http.Header(McpHeaders.LastEventId) is not { Length: > 0 } last || !streams.HaveIds)
            return (streams.Standalone, null);

        return EventId.TryParse(last, out var id)
            ? (await streams.FindAsync(id).ConfigureAwait(false), id.Position)
            : throw ResumableStreams.Unknown();
    }
}
