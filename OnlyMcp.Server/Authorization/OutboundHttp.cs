using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.Authorization;

/// <summary>
/// The one way from here to other servers: https (or this machine), no redirects, bounded in size and time, and with no cookie or header
/// but the ones of the request.
/// </summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security</remarks>
internal sealed class OutboundHttp : IDisposable
{
    /// <summary>How long a body may be, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private readonly TimeSpan timeout;
    private readonly TimeProvider time;
    private readonly bool publicAddressesOnly;
    private readonly HttpClient http;

    /// <param name="timeout">How long a request may take, from the look-up of the name to the last byte.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">What sends instead of sockets of its own; it stays the caller's, and must not follow redirects.</param>
    /// <param name="publicAddressesOnly">Whether this machine and its network are out of bounds: where a stranger names addresses.</param>
    public OutboundHttp(TimeSpan timeout, TimeProvider time, HttpMessageHandler? handler = null, bool publicAddressesOnly = false)
    {
        (this.timeout, this.time, this.publicAddressesOnly) = (timeout, time, publicAddressesOnly);
        http = handler is null ? new HttpClient(OwnHandler(), disposeHandler: true) : new HttpClient(handler, disposeHandler: false);
        http.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <exception cref="ArgumentException">Nobody can wait for so long, or for no time at all.</exception>
    public static void CheckTimeout(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromMinutes(5))
            throw new ArgumentException($"A Timeout is more than zero, up to five minutes; {timeout} does not fit.");
    }

    /// <summary>Asks for a document.</summary>
    /// <exception cref="FetchFailedException">It is not to be fetched, or nothing came that could be read.</exception>
    public async Task<OutboundReply> GetAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        return await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a form.</summary>
    /// <exception cref="FetchFailedException">It is not to be asked, or nothing came that could be read.</exception>
    public async Task<OutboundReply> PostFormAsync(
        Uri uri,
        IEnumerable<KeyValuePair<string, string>> form,
        AuthenticationHeaderValue? credentials,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = credentials;
        return await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => http.Dispose();

    private async Task<OutboundReply> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        if (FetchPolicy.WhatIsWrongWith(uri, allowsLoopback: !publicAddressesOnly) is { } wrong)
            throw new FetchFailedException($"{Show(uri)} was not asked: {wrong}.");

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await SendOnceAsync(request, uri, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            var words = $"{Show(uri)} did not answer in full within {timeout.TotalSeconds:0.#} s.";
            throw new FetchFailedException(words, fault) { IsUnreachable = true };
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException)
        {
            var words = $"{Show(uri)} did not answer: {fault.GetBaseException().Message}";
            throw new FetchFailedException(words, fault) { IsUnreachable = true };
        }
    }

    private async Task<OutboundReply> SendOnceAsync(HttpRequestMessage request, Uri uri, CancellationToken cancellationToken)
    {
        const HttpCompletionOption Complete = HttpCompletionOption.ResponseHeadersRead;
        using var response = await http.SendAsync(request, Complete, cancellationToken).ConfigureAwait(false);
        if (response.RequestMessage?.RequestUri is { } reached && reached != uri)
            throw new FetchFailedException($"The HttpMessageHandler did not stay at {Show(uri)}: set its AllowAutoRedirect to false.");

        // What an error or a redirect says is nobody's business: the status is what counts.
        byte[] body = response.IsSuccessStatusCode ? await ReadAsync(response, uri, cancellationToken).ConfigureAwait(false) : [];
        return new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, response.Headers);
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, Uri uri, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        var buffer = new byte[8192];
        while (response.Content.Headers.ContentLength is not > MaxBytes && body.Length <= MaxBytes)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return body.ToArray();
            body.Write(buffer, 0, read);
        }

        throw new FetchFailedException($"{Show(uri)} answered with more than the {MaxBytes} bytes that are allowed.");
    }

    /// <summary>An address as it may be shown: the query may hold a secret.</summary>
    public static string Show(Uri uri) => uri.IsAbsoluteUri
        ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : "What is no address";

    private SocketsHttpHandler OwnHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // Through a proxy nobody sees where a name leads.
        UseProxy = !publicAddressesOnly,
        ConnectCallback = publicAddressesOnly ? ConnectPubliclyAsync : null,
    };

    // The very address that was judged is connected to: a name cannot lead elsewhere in between.
    private static async ValueTask<Stream> ConnectPubliclyAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        if (Array.FindAll(addresses, FetchPolicy.IsPublic) is not { Length: > 0 } allowed)
            throw new HttpRequestException("its name leads to no address on the public internet.");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>What another server answered.</summary>
/// <param name="Status">The status, of redirects too.</param>
/// <param name="MediaType">What the body is said to be; null if nobody says.</param>
/// <param name="Body">The whole body; empty unless the status says success.</param>
/// <param name="Headers">The headers, such as for how long it may be kept.</param>
internal sealed record OutboundReply(int Status, string? MediaType, byte[] Body, HttpResponseHeaders Headers);

/// <summary>Another server was not asked, or did not answer in a way that can be read.</summary>
/// <param name="message">What happened, without anything that was sent.</param>
/// <param name="innerException">What was the matter, if that was an exception.</param>
internal sealed class FetchFailedException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether nothing came at all: what else is there on that server will not come either.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>Whether it was this request that was not taken: another may fare better.</summary>
    public bool IsOfThisRequest { get; init; }
}
