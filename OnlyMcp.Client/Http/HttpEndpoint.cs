using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Http;

/// <summary>An HTTP address with what goes along to it: the user's headers, and to nobody else.</summary>
internal sealed class HttpEndpoint : IDisposable
{
    private const int MaxRedirects = 3;

    private static readonly string[] Reserved =
    [
        McpHeaders.ProtocolVersion, McpHeaders.SessionId, McpHeaders.LastEventId, McpHeaders.Method, McpHeaders.Name,
        "Accept", "Content-Type",
    ];

    private readonly HttpMessageInvoker http;
    private readonly KeyValuePair<string, string>[] own;
    private readonly McpClientOptions options;

    public HttpEndpoint(Uri uri, McpClientOptions options)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{uri}' is no address of a server: give an absolute http or https URL.", nameof(uri));

        CheckHeaders(options.Headers);
        own = [.. options.Headers];
        Uri = uri;
        this.options = options;
        if (options.Authorization is { } authorization)
        {
            if (options.Headers.Keys.Contains("Authorization", StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException("Either McpClientOptions.Authorization gets tokens or McpClientOptions.Headers hold one; not both.", nameof(options));

            var logger = options.LoggerFactory.CreateLogger<Authorizer>();
            Authorizer = new Authorizer(uri, authorization, options.Allowed, options.TimeProvider, logger);
        }

        // No HttpClient: what that adds, a time-out and a way to cancel it, whoever asks here sees to already.
        http = options.HttpMessageHandler is { } handler
            ? new HttpMessageInvoker(handler, disposeHandler: false)
            : new HttpMessageInvoker(OwnHandler(options), disposeHandler: true);
    }

    public Uri Uri { get; }

    /// <summary>An address as it may be shown: the query may hold a secret.</summary>
    public static string Show(Uri uri) => uri.GetLeftPart(UriPartial.Path);

    public static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    public void Dispose()
    {
        http.Dispose();
        Authorizer?.Dispose();
    }

    /// <summary>Gets the tokens that requests carry; null if none are to be got.</summary>
    public Authorizer? Authorizer { get; }

    /// <summary>
    /// Sends a request and returns as soon as the answer's headers are there. Redirects are followed within the origin; a token that the
    /// server wants is got, and the request sent again.
    /// </summary>
    /// <param name="method">The verb.</param>
    /// <param name="uri">Where to.</param>
    /// <param name="content">The body; null for none.</param>
    /// <param name="write">Writes the headers of the protocol for the message that is the body.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="isBackground">Nobody waits for the answer, so that no person is asked to sign in for it.</param>
    /// <exception cref="TransportClosedException">The server cannot be reached, or left before it answered.</exception>
    /// <exception cref="AuthorizationException">The server wants a token that cannot be had.</exception>
    public ValueTask<HttpResponseMessage> SendAsync(
        HttpMethod method,
        Uri uri,
        MessageContent? content,
        Action<HttpRequestHeaders, JsonRpcMessage?> write,
        CancellationToken cancellationToken,
        bool isBackground = false) =>
        Authorizer is null
            ? FollowAsync(method, uri, content, write, null, cancellationToken)
            : AuthorizeAsync(Authorizer, method, uri, content, write, isBackground, cancellationToken);

    private async ValueTask<HttpResponseMessage> AuthorizeAsync(
        Authorizer authorizer,
        HttpMethod method,
        Uri uri,
        MessageContent? content,
        Action<HttpRequestHeaders, JsonRpcMessage?> write,
        bool isBackground,
        CancellationToken cancellationToken)
    {
        var visit = new Visit(mayAskPerson: !isBackground);
        while (true)
        {
            var tokens = await authorizer.CurrentAsync(cancellationToken).ConfigureAwait(false);
            var response = await FollowAsync(method, uri, content, write, tokens, cancellationToken).ConfigureAwait(false);
            try
            {
                if (!await authorizer.MendAsync(response, tokens, visit, cancellationToken).ConfigureAwait(false))
                    return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }

            response.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<HttpResponseMessage> FollowAsync(
        HttpMethod method,
        Uri uri,
        MessageContent? content,
        Action<HttpRequestHeaders, JsonRpcMessage?> write,
        StoredTokens? tokens,
        CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = Request(method, uri, content, write, tokens);
            HttpResponseMessage response;
            try
            {
                response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException fault)
            {
                throw new TransportClosedException($"{method} {Show(uri)} was not answered: {fault.Message}", fault);
            }
            finally
            {
                // The request disposes what it holds.
                request.Content = null;
            }

            if (redirects == MaxRedirects || RedirectOf(response, uri, method) is not { } next)
                return response;

            response.Dispose();
            uri = next;
        }
    }

    private HttpRequestMessage Request(
        HttpMethod method, Uri uri, MessageContent? content, Action<HttpRequestHeaders, JsonRpcMessage?> write, StoredTokens? tokens)
    {
        var request = new HttpRequestMessage(method, uri) { Content = content };
        foreach (var (name, value) in own)
            request.Headers.TryAddWithoutValidation(name, value);
        write(request.Headers, content?.Message);
        if (tokens is not null)
            Authorizer!.Write(request, tokens);
        return request;
    }

    private static Uri? RedirectOf(HttpResponseMessage response, Uri from, HttpMethod method)
    {
        // 301 and 302 may turn a POST into a GET, which would lose the message: they are followed for GET alone.
        var follows = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
            || (method == HttpMethod.Get && response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found);
        if (!follows || response.Headers.Location is not { } location)
            return null;

        var target = new Uri(from, location);
        return IsSameOrigin(from, target) ? target : null;
    }

    private static SocketsHttpHandler OwnHandler(McpClientOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = options.ConnectTimeout,

        // A listener may close idle connections after 15 s; a connection that is about to be closed fails the next request.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    };

    private static void CheckHeaders(IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException($"The header '{name}' belongs to the protocol; remove it from McpClientOptions.Headers.");
            if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
                throw new ArgumentException($"The value of the header '{name}' holds a line break, which no header can.");
        }
    }
}
