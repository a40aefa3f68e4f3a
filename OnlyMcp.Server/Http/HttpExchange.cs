using System.Globalization;
using System.Net;
using System.Security.Claims;
using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Server.Http;

/// <summary>One HTTP request and its response, whatever server they came from: what <see cref="McpHttpHandler"/> needs, and nothing else.</summary>
/// <remarks>
/// A class of some thirty lines makes one of HttpListener's context, of Kestrel's, or of a test's strings. Members that read or
/// write throw <see cref="Protocol.Transport.TransportClosedException"/> when the client is gone.
/// </remarks>
public abstract class HttpExchange
{
    /// <summary>The request's verb, in capitals.</summary>
    public abstract string Method { get; }

    /// <summary>The request's path, decoded, without the query.</summary>
    public abstract string Path { get; }

    /// <summary>The request's query as it was sent, without the question mark; empty if there is none.</summary>
    public virtual string Query => "";

    /// <summary>The host and port within the request line, where it holds a whole address (<c>GET http://host/path</c>); else null.</summary>
    public virtual string? TargetAuthority => null;

    /// <summary>Whether the request was made in HTTP/1.0.</summary>
    public virtual bool IsHttp10 => false;

    /// <summary>Who sent the request, where the host knows; else null.</summary>
    public virtual ClaimsPrincipal? Principal => null;

    /// <summary>Where the request came from, where the host knows: the client itself, or the last proxy before us; else null.</summary>
    public virtual IPAddress? RemoteAddress => null;

    /// <summary>The body's length in bytes as it was declared; null if it was not.</summary>
    public virtual long? ContentLength =>
        long.TryParse(Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    /// <summary>Whether the body has been read to its end.</summary>
    internal bool BodyWasRead { get; set; }

    /// <summary>Whether bytes may still come that are not the next request's.</summary>
    internal bool HasUnreadBody => !BodyWasRead && (ContentLength > 0 || Header("Transfer-Encoding") is not null);

    /// <summary>Where the exchange is counted while it is served.</summary>
    internal RequestGate? Gate { get; set; }

    /// <summary>Where it is counted if it turns out to stay open while nothing is asked.</summary>
    internal RequestGate? StreamGate { get; set; }

    /// <summary>What the request's access token allows; null where none was asked for.</summary>
    internal Grant? Grant { get; set; }

    /// <summary>Who sent the request: on whose behalf its token was issued, or else whom the host knows.</summary>
    internal ClaimsPrincipal? Caller => Grant?.Token.Principal ?? Principal;

    /// <summary>Whether the status has been decided and may have left.</summary>
    internal bool HasResponse { get; set; }

    /// <summary>Is cancelled when a stream should end that the request has opened: with what is given, and when its token expires.</summary>
    internal CancellationToken Until(CancellationToken stopping) => Grant?.Until(stopping) ?? stopping;

    /// <summary>Counts the exchange among the long streams from now on: requests come and go, and are waited for when the server stops.</summary>
    /// <exception cref="Eras.RefusedRequestException">There is no room for another, or the server is stopping (503).</exception>
    internal void StaysOpen()
    {
        StreamGate?.Enter();
        Gate?.Leave();
        Gate = StreamGate;
    }

    /// <summary>The value of a request header, or null. Names are compared without regard to case; where several came, see the host.</summary>
    public abstract string? Header(string name);

    /// <summary>Reads more of the request's body; 0 at its end.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sets a header of the response; possible until its first byte has left.</summary>
    public abstract void SetResponseHeader(string name, string value);

    /// <summary>Says that the connection ends with this response; possible until its first byte has left.</summary>
    public abstract void CloseAfterResponse();

    /// <summary>Sends the whole response: its status, its headers with the length, and its body, which may be empty.</summary>
    public abstract ValueTask RespondAsync(int status, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Begins a response with status 200 whose length is not known; its first byte leaves with the first write.</summary>
    public abstract void BeginStream();

    /// <summary>Sends a part of such a response at once. One call at a time.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Ends the exchange: the response is complete. Does not throw, and may be called again.</summary>
    public abstract void Complete();

    /// <summary>
    /// Breaks the exchange off, from any thread and at once: a read or a write that is under way fails. If nothing has been sent,
    /// <paramref name="status"/> is, with an empty body. Does not throw or block, and may be called again.
    /// </summary>
    public abstract void Abort(int status);
}
