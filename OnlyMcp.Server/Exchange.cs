using System.Security.Claims;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server;

/// <summary>What a transport knows about a message that it hands to the server, and where the answers go.</summary>
/// <param name="stream">Takes the messages that belong to the request: its notifications and its response.</param>
public sealed class Exchange(IResponseStream stream)
{
    /// <summary>Takes the messages that belong to the request.</summary>
    public IResponseStream Stream { get; private set; } = stream ?? throw new ArgumentNullException(nameof(stream));

    /// <summary>
    /// The conversation that the message is part of, where the transport itself is one: a pipe, or the event stream of HTTP+SSE.
    /// Null for a POST of Streamable HTTP, whose conversation the era finds: a session, or this request alone.
    /// </summary>
    public Conversation? Conversation { get; init; }

    /// <summary>
    /// Takes the messages that belong to no request, where the transport itself is the conversation: a pipe, or the event stream of
    /// HTTP+SSE. Null for a POST of Streamable HTTP.
    /// </summary>
    public IResponseStream? UnrelatedStream { get; init; }

    /// <summary>Is cancelled when what goes on for as long as its conversation does, such as a subscription, should be answered and end.</summary>
    public CancellationToken Closing
    {
        get => Grant?.Until(field) ?? field;
        init;
    }

    /// <summary>The HTTP request that carried the message; null on a pipe and on HTTP+SSE, where headers have no say.</summary>
    public HttpExchange? Http { get; init; }

    /// <summary>Whether HTTP carried it, in whatever form.</summary>
    public bool IsOverHttp
    {
        get => field || Http is not null;
        init;
    }

    /// <summary>Who sent it, where the transport or a middleware of the host knows; null for nobody in particular.</summary>
    public ClaimsPrincipal? Principal { get; init; }

    /// <summary>What the sender's access token allows; null where none was asked for.</summary>
    internal Grant? Grant
    {
        get => field ?? Http?.Grant;
        init;
    }

    /// <summary>The HTTP answer that <see cref="Stream"/> becomes part of; null on a pipe, on HTTP+SSE and for a message of an array.</summary>
    internal HttpResponseStream? Answer { get; init; }

    /// <summary>The streams of the session that the message belongs to, where they can be resumed; its era has found out.</summary>
    internal ResumableStreams? Streams { get; set; }

    /// <summary>The request's entry among those that are being answered; a pipe enters it before it reads on.</summary>
    internal InFlightRequest? InFlight { get; set; }

    /// <summary>The revision that the message is served in, once its era has found out.</summary>
    internal Revision? Revision { get; set; }

    /// <summary>Has what is sent to the request's client pass the middleware first.</summary>
    internal void Pass(MessagePipeline pipeline) => Stream = pipeline.Around(Stream);

    /// <summary>Shows the message, and what is sent in its turn.</summary>
    internal void Tap(WireTap tap, JsonRpcMessage message) => Stream = tap.Around(Stream, message);
}
