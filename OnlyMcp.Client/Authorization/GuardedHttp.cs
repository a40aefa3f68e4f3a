using System.Net;
using System.Net.Http.Headers;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// The one way to all servers of authorization, whose addresses strangers have named: https (or this machine), no nearer to us than the
/// MCP server is, bounded in size and time, and with no cookie or header but the ones of the request.
/// </summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security
/// Spec: 2026-07-28 basic/authorization/security-considerations §Open Redirection
/// </remarks>
internal sealed class GuardedHttp : IDisposable
{
    /// <summary>How long a body may be.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxRedirects = 3;

    private readonly Neighbourhood neighbourhood;
    private readonly ClientAuthorization options;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    public GuardedHttp(
        Uri server, ClientAuthorization options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? lookUp = null)
    {
        this.options = options;
        this.time = time;
        neighbourhood = new Neighbourhood(server, lookUp ?? Dns.GetHostAddressesAsync, NamedByHost(options));
        http = options.HttpMessageHandler is { } handler
            ? new HttpClient(handler, disposeHandler: false)
            : new HttpClient(OwnHandler(), disposeHandler: true);
        http.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>An address as it may be shown: the query may hold a secret.</summary>
    public static string Show(Uri uri) => AuthorizationException.Cite(uri.GetLeftPart(UriPartial.Path));

    public void Dispose() => http.Dispose();

    /// <summary>Why an address that a server named is not to be asked or opened, in words; null if nothing speaks against it.</summary>
    public ValueTask<string?> WhatIsWrongWithAsync(Uri uri, CancellationToken cancellationToken) =>
        neighbourhood.WhatIsWrongWithAsync(uri, cancellationToken);

    /// <summary>Asks for a document. Redirects are followed, each under the same rules, and never from https to http.</summary>
    /// <exception cref="AuthorizationException">Nothing came that could be read, or the address is not to be asked.</exception>
    public async Task<Fetched> GetAsync(
        Uri uri, IEnumerable<KeyValuePair<string, string>>? headers, CancellationToken cancellationToken)
    {
        List<string> way = [];
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            var fetched = await SendAsync(AuthorizationStep.Discovery, request, headers, cancellationToken).ConfigureAwait(false);
            if (fetched.Status is not (301 or 302 or 303 or 307 or 308) || fetched.Headers.Location is not { } location)
                return fetched;

            way.Add(Show(uri));
            var next = RedirectOf(uri, location, way);

            // MUST NOT: what is meant for one server goes to no other.
            if (!HttpEndpoint.IsSameOrigin(uri, next))
                headers = null;
            uri = next;
        }
    }

    /// <summary>Sends a form, as token endpoints take it. No redirect is followed: what is in it is for that server alone.</summary>
    /// <exception cref="AuthorizationException">Nothing came that could be read, or the address is not to be asked.</exception>
    public Task<Fetched> PostFormAsync(
        Uri uri, IReadOnlyList<KeyValuePair<string, string>> form, IEnumerable<KeyValuePair<string, string>>? headers,
        CancellationToken cancellationToken)
    {
        var step = form.Contains(new("grant_type", GrantType.RefreshToken)) ? AuthorizationStep.Refresh : AuthorizationStep.Token;
        return PostAsync(step, uri, new FormUrlEncodedContent(form), headers, cancellationToken);
    }

    /// <summary>Sends JSON, as registration endpoints take it. No redirect is followed.</summary>
    /// <exception cref="AuthorizationException">Nothing came that could be read, or the address is not to be asked.</exception>
    public Task<Fetched> PostJsonAsync(
        Uri uri, byte[] json, IEnumerable<KeyValuePair<string, string>>? headers, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return PostAsync(AuthorizationStep.Registration, uri, content, headers, cancellationToken);
    }

    private async Task<Fetched> PostAsync(
        AuthorizationStep step, Uri uri, HttpContent content, IEnumerable<KeyValuePair<string, string>>? headers,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = content };
        var fetched = await SendAsync(step, request, headers, cancellationToken).ConfigureAwait(false);
        if (fetched.Status is < 300 or >= 400 || fetched.Headers.Location is not { } location)
            return fetched;

        throw new AuthorizationException(
            step,
            $"POST {Show(uri)} was answered with HTTP {fetched.Status}, a redirect to "
            + $"{AuthorizationException.Cite(location.OriginalString)}. It was not followed, for what was sent is for the first address "
            + "alone: the server's metadata must name the final one.");
    }

    private async Task<Fetched> SendAsync(
        AuthorizationStep step, HttpRequestMessage request, IEnumerable<KeyValuePair<string, string>>? headers,
        CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var what = $"{request.Method} {Show(uri)}";
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (name, value) in headers ?? [])
            request.Headers.TryAddWithoutValidation(name, value);

        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await SendOnceAsync(step, request, uri, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AuthorizationException(
                step,
                $"{what} was not answered in full within {options.Timeout.TotalSeconds:0} s. Try again, or see whether the server is well.",
                fault);
        }
        catch (ProtocolFaultException fault)
        {
            throw new AuthorizationException(step, $"{what}: {fault.Message} No document of authorization is that long.", fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new AuthorizationException(step, $"{what} was not answered: {Innermost(fault)}.", fault);
        }
    }

    private async Task<Fetched> SendOnceAsync(
        AuthorizationStep step, HttpRequestMessage request, Uri uri, CancellationToken cancellationToken)
    {
        if (await neighbourhood.WhatIsWrongWithAsync(uri, cancellationToken).ConfigureAwait(false) is { } wrong)
            throw new AuthorizationException(step, $"{AuthorizationException.Cite(uri.OriginalString)} was not asked: {wrong}.");

        const HttpCompletionOption unread = HttpCompletionOption.ResponseHeadersRead;
        using var response = await http.SendAsync(request, unread, cancellationToken).ConfigureAwait(false);
        if (response.RequestMessage?.RequestUri is { } reached && reached != uri)
        {
            throw new AuthorizationException(
                step, $"The HttpMessageHandler went to {Show(reached)} and was sent to {Show(uri)}: set its AllowAutoRedirect to false.");
        }

        var body = response.IsSuccessStatusCode
            ? await BoundedBody.ReadAsync(response, MaxBytes, cancellationToken).ConfigureAwait(false)
            : await BoundedBody.ReadBeginningAsync(response, cancellationToken).ConfigureAwait(false);
        return new Fetched(uri, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, response.Headers);
    }

    /// <summary>What the host itself has named is no stranger's word.</summary>
    private static Uri[] NamedByHost(ClientAuthorization options)
    {
        var known = options.AuthorizationServer;
        string?[] named =
        [
            known?.AuthorizationEndpoint, known?.TokenEndpoint, known?.RegistrationEndpoint,
            (options.Grant as EnterpriseGrant)?.IdentityProviderTokenEndpoint.OriginalString,
        ];
        return [.. named.Select(text => Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>()];
    }

    private static Uri RedirectOf(Uri from, Uri location, List<string> way)
    {
        Uri? next = null;
        var wrong = way.Count > MaxRedirects ? $"more than {MaxRedirects} times: {string.Join(", ", way)}"
            : !Uri.TryCreate(from, location, out next) ? $"to {AuthorizationException.Cite(location.OriginalString)}, which is no address"
            : from.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps ? $"from https to {Show(next)}, and was not followed"
            : null;
        return wrong is null ? next! : throw new AuthorizationException(
            AuthorizationStep.Discovery, $"GET {way[0]} was redirected {wrong}.");
    }

    private static string Innermost(Exception fault) => AuthorizationException.Cite(fault.GetBaseException().Message.TrimEnd('.'));

    private SocketsHttpHandler OwnHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = options.Timeout,
        ConnectCallback = neighbourhood.ConnectAsync,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    };
}
