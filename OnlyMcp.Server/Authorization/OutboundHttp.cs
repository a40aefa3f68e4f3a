using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.Authorization;

/// <summary>
/// Asks other servers of authorization for something small: over https, or on this machine where that is allowed; without redirects,
/// cookies or headers of its own, and bounded in size and time.
/// </summary>
/// <remarks>
/// <para>
/// What a stranger has named is fetched from public addresses alone, and without a proxy: the name is looked up here, and what is connected
/// to is the very address that was judged.
/// </para>
/// Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security
/// Spec: 2026-07-28 basic/authorization/security-considerations §Authorization Server Abuse Protection
/// </remarks>
internal sealed class OutboundHttp : IDisposable
{
    private readonly HttpClient http;
    private readonly OutboundRules rules;

    /// <param name="rules">Where it may go, how long and for how much.</param>
    /// <param name="handler">Sends in the place of a handler of its own, which would keep to the rules; not disposed.</param>
    public OutboundHttp(OutboundRules rules, HttpMessageHandler? handler = null)
    {
        this.rules = rules;
        http = new(handler ?? OwnHandler(), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose() => http.Dispose();

    /// <summary>Asks for a document.</summary>
    /// <exception cref="OutboundException">Nothing came, or the address is not to be asked.</exception>
    public async Task<OutboundAnswer> GetAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        return await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request, and reads its answer, whatever its status.</summary>
    /// <exception cref="OutboundException">Nothing came, or the address is not to be asked.</exception>
    public async Task<OutboundAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        if (FetchPolicy.WhatIsWrongWith(uri, rules.AllowsLoopback) is { } wrong)
            throw new OutboundException($"it is not asked: {wrong}");

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var limit = new CancellationTokenSource(rules.Timeout, rules.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await SendOnceAsync(request, uri, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OutboundException($"it was not answered in full within {rules.Timeout.TotalSeconds:0} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new OutboundException($"it was not answered: {fault.GetBaseException().Message.TrimEnd('.')}", fault);
        }
    }

    private async Task<OutboundAnswer> SendOnceAsync(HttpRequestMessage request, Uri uri, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.RequestMessage?.RequestUri is { } reached && reached != uri)
            throw new OutboundException("the HttpMessageHandler followed a redirect: set its AllowAutoRedirect to false");
        if (response.Content.Headers.ContentLength > rules.MostBytes)
            throw TooLong();

        var body = new byte[rules.MostBytes + 1];
        var count = 0;
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (count < body.Length && await stream.ReadAsync(body.AsMemory(count), cancellationToken).ConfigureAwait(false) is var read and > 0)
                count += read;
        }

        if (count == body.Length)
            throw TooLong();
        return new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body.AsMemory(0, count))
        {
            CacheControl = response.Headers.CacheControl,
            Expires = response.Content.Headers.Expires,
            Date = response.Headers.Date,
            Age = response.Headers.Age,
        };
    }

    private OutboundException TooLong() => new($"its answer has more than {rules.MostBytes} bytes");

    private SocketsHttpHandler OwnHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !rules.IsForStrangers,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = rules.Timeout,
        ConnectCallback = rules.IsForStrangers ? ConnectAsync : null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Connects to a public address, or to this machine where both the address says so and that is allowed.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var isHere = rules.AllowsLoopback && FetchPolicy.IsLoopback(context.InitialRequestMessage.RequestUri!);
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        var allowed = Array.FindAll(addresses, address => isHere ? IPAddress.IsLoopback(address) : FetchPolicy.IsPublic(address));
        if (allowed.Length == 0)
            throw new IOException("its host is not on the public internet");

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

/// <summary>Where an <see cref="OutboundHttp"/> may go.</summary>
internal sealed record OutboundRules
{
    /// <summary>Whether strangers name the addresses: then only those of the public internet are asked.</summary>
    public bool IsForStrangers { get; init; }

    /// <summary>Whether addresses of this machine itself may be asked too, and without https.</summary>
    public bool AllowsLoopback { get; init; }

    /// <summary>How long an answer may take; 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes an answer may have; 256 KiB.</summary>
    public int MostBytes { get; init; } = 256 * 1024;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What another server answered, and for how long that holds.</summary>
internal sealed record OutboundAnswer(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    public CacheControlHeaderValue? CacheControl { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public DateTimeOffset? Date { get; init; }

    public TimeSpan? Age { get; init; }

    public bool IsJson => ContentType is { } type
        && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>How much longer the answer may be used, by what its headers say (RFC 9111 §4.2); null if they say nothing.</summary>
    public TimeSpan? FreshFor()
    {
        if (CacheControl is { NoStore: true } or { NoCache: true })
            return TimeSpan.Zero;

        var lifetime = CacheControl?.MaxAge ?? (Expires is { } expires && Date is { } date ? expires - date : null);
        return lifetime is { } time ? TimeSpan.FromTicks(Math.Max(0, (time - (Age ?? TimeSpan.Zero)).Ticks)) : null;
    }
}

/// <summary>Another server could not be asked.</summary>
/// <param name="message">Why, as the end of a sentence that began with the address.</param>
/// <param name="fault">What happened.</param>
internal sealed class OutboundException(string message, Exception? fault = null) : Exception(message, fault);
