using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Http;

/// <summary>Every HTTP rule of an MCP server, on plain requests and responses: mounts in any HTTP server.</summary>
/// <remarks>
/// Refusals of its own are HTTP statuses with a JSON-RPC error for a body.
/// Spec: 2026-07-28 basic/transports/streamable-http §Sending Messages
/// Spec: 2025-11-25 basic/transports §Sending Messages to the Server
/// </remarks>
public sealed class McpHttpHandler : IAsyncDisposable
{
    private static readonly string[] Verbs = ["POST", "GET", "DELETE"];

    private readonly OriginPolicy origins;
    private readonly Guard? guard;
    private readonly IHttpEndpoint[] endpoints;
    private readonly RequestGate requests;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource ending = new();

    /// <summary>Makes the handler of a server's HTTP routes.</summary>
    /// <exception cref="InvalidOperationException">
    /// The server requires authorization, and nobody said where it is reached (<see cref="McpHttpOptions.PublicBaseAddress"/>); or something
    /// that it offers demands scopes, and nobody would check them.
    /// </exception>
    public McpHttpHandler(McpServer server, McpHttpOptions? options = null)
        : this(server, options, [])
    {
        if (guard is { KnowsItsAddress: false })
            throw new InvalidOperationException(Guard.NoAddress);
    }

    internal McpHttpHandler(McpServer server, McpHttpOptions? options, IEnumerable<string> ownNames)
    {
        ArgumentNullException.ThrowIfNull(server);
        Server = server;
        Options = options ?? new McpHttpOptions();
        Options.Check();
        origins = new OriginPolicy(Options, ownNames);
        requests = new RequestGate(server.Options.Limits.MaxConcurrentRequests, "requests");
        Streams = new RequestGate(server.Options.Limits.MaxStreams, "streams");
        Answers = new OpenAnswers(server.Options.TimeProvider, Options.SilentResponseDelay);
        logger = server.Options.LoggerFactory.CreateLogger<McpHttpHandler>();
        endpoints = [.. server.HttpEndpoints(this)];
        guard = server.GuardOf(this);
    }

    /// <summary>The server whose routes these are.</summary>
    public McpServer Server { get; }

    /// <summary>How it is reached.</summary>
    public McpHttpOptions Options { get; }

    /// <summary>The streams that stay open while nothing is asked.</summary>
    internal RequestGate Streams { get; }

    /// <summary>The answers that are being made.</summary>
    internal OpenAnswers Answers { get; }

    /// <summary>Is cancelled when such streams should end.</summary>
    internal CancellationToken Stopping => stopping.Token;

    /// <summary>Is cancelled when what is in flight has had its time.</summary>
    internal CancellationToken Ending => ending.Token;

    /// <summary>Answers a request, unless its path is none of the server's: then nothing has been touched, and the answer is false.</summary>
    public async ValueTask<bool> HandleAsync(HttpExchange http, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(http);
        var document = guard?.DocumentAt(http.Path);
        if (document is null && !IsOwnPath(http.Path))
            return guard is not null && await guard.IssueAsync(http, cancellationToken).ConfigureAwait(false);

        try
        {
            if (document is not null)
            {
                await MetadataDocument.AnswerAsync(http, document, origins, Server.Options).ConfigureAwait(false);
            }
            else if (!IsServed(http))
            {
                await RefuseVerbAsync(http).ConfigureAwait(false);
            }
            else
            {
                Enter(http);
                if (guard is not null)
                    await guard.AdmitAsync(http, IsPost(http), cancellationToken).ConfigureAwait(false);
                if (IsPost(http))
                    await PostAsync(http, cancellationToken).ConfigureAwait(false);
                else
                    await EndpointFor(http.Method, http.Path)!.HandleAsync(http, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault)
        {
            await ReportAsync(http, fault).ConfigureAwait(false);
        }
        finally
        {
            http.Complete();
            http.Gate?.Leave();
            http.Grant?.Dispose();
        }

        return true;
    }

    /// <summary>
    /// Takes no more requests (503), ends open streams, waits for what is in flight as long as <see cref="ServerLimits.ShutdownTimeout"/>
    /// says, and cancels what is left.
    /// </summary>
    public async Task StopAsync()
    {
        var done = Task.WhenAll(requests.CloseAsync(), Streams.CloseAsync());
        await stopping.CancelAsync().ConfigureAwait(false);
        if (await EndsWithinAsync(done, Server.Options.Limits.ShutdownTimeout).ConfigureAwait(false))
            return;

        await ending.CancelAsync().ConfigureAwait(false);
        Answers.CancelAll();
        await EndsWithinAsync(done, TimeSpan.FromSeconds(1)).ConfigureAwait(false);
    }

    /// <summary>Stops, see <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>Says where clients reach the paths, where nobody has said so: the host that listens knows.</summary>
    internal void IsReachedAt(Uri address) => guard?.IsReachedAt(address);

    /// <summary>Checks what can be known before the first request.</summary>
    /// <param name="isLoopback">Whether nobody but this machine's programs can reach the host.</param>
    /// <exception cref="InvalidOperationException">It is not known where clients reach the paths, or nobody would check the scopes.</exception>
    internal void CheckAuthorization(bool isLoopback)
    {
        Server.RequireNoScopes();
        if (guard is { KnowsItsAddress: false } && !isLoopback)
            throw new InvalidOperationException(Guard.NoAddress);
    }

    /// <summary>Whether a request is addressed to one of the names that the server is allowed to have.</summary>
    internal bool AnswersTo(HttpExchange http) => origins.IsForUs(http);

    /// <summary>Whether something answers this verb at this path.</summary>
    internal bool Serves(string verb, string path) => IsEndpoint(verb, path) || EndpointFor(verb, path) is not null;

    /// <summary>One message, or where a session allows it several, and the answer in the same response.</summary>
    private async ValueTask PostAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        var accept = AcceptHeader.Parse(http.Header("Accept"));
        if (accept is { Json: false, Events: false })
            throw new RefusedRequestException(406, ErrorCode.InvalidRequest, "The answer is application/json or text/event-stream; Accept excludes both.");

        using var body = new PooledBuffer();
        if (!await RequestBody.ReadAsync(http, body, Server.Options, cancellationToken).ConfigureAwait(false))
            return;
        if (http.Grant is { IsInsufficient: true })
            throw Guard.Insufficient(http, OperationScopes.In(body.Written, Server));

        var response = new HttpResponseStream(http, accept, this, cancellationToken);
        await using (response.ConfigureAwait(false))
        {
            if (JsonRpcReader.IsArray(body.Written.Span))
            {
                await HttpBatch.ServeAsync(body.Written, response, Server).ConfigureAwait(false);
                return;
            }

            var message = Server.Parse(body.Written, response.Exchange);
            await Server.HandleAsync(message, response.Exchange, response.Cancellation).ConfigureAwait(false);
            await response.EndAsync(message).ConfigureAwait(false);
        }
    }

    /// <summary>The checks of every route; false for a verb that is not served there.</summary>
    private bool IsServed(HttpExchange http)
    {
        origins.Check(http);
        Framing.Check(http);
        if (Options.Cors)
            Cors.Allow(http);
        return IsPost(http) || EndpointFor(http.Method, http.Path) is not null;
    }

    private async ValueTask RefuseVerbAsync(HttpExchange http)
    {
        var verbs = VerbsOf(http.Path);
        if (Options.Cors && Cors.IsPreflight(http))
        {
            await Cors.AnswerPreflightAsync(http, verbs).ConfigureAwait(false);
            return;
        }

        // SHOULD: 405 for the verbs of older revisions that are not served; HTTP wants the others named.
        http.SetResponseHeader("Allow", verbs);

        // Choice: without a word. Clients that look for HTTP+SSE post to its event stream first, and some take any error response
        // that comes back for a sign of Streamable HTTP.
        await HttpReply.TryRefuseAsync(http, 405, null, null, Server.Options).ConfigureAwait(false);
    }

    private async ValueTask ReportAsync(HttpExchange http, Exception fault)
    {
        var (status, error, id) = fault switch
        {

            // MAY: what is said about a response has no id: it would look like the answer to a request of the client's own.
            MalformedMessageException malformed => (400, malformed.Error, malformed.IsResponse ? null : malformed.Id),
            RefusedRequestException refused => (refused.HttpStatus, refused.Error, (RequestId?)null),
            _ => (500, new JsonRpcError(ErrorCode.InternalError, "Internal error."), null),
        };
        if (fault is TransportClosedException || http.HasResponse)
            http.Abort(0);
        else
            await HttpReply.TryRefuseAsync(http, status, error, id, Server.Options).ConfigureAwait(false);

        if (status == 500 && fault is not (TransportClosedException or OperationCanceledException))
            logger.LogError(fault, "{Method} {Path} failed.", http.Method, http.Path);
    }

    private void Enter(HttpExchange http)
    {
        var gate = http.Method == "GET" ? Streams : requests;
        gate.Enter();
        (http.Gate, http.StreamGate) = (gate, Streams);
    }

    private bool IsOwnPath(string path) => path == Options.Path || VerbsOf(path).Length > 0;

    private string VerbsOf(string path) =>
        string.Join(", ", Verbs.Where(verb => Serves(verb, path)));

    private bool IsPost(HttpExchange http) => IsEndpoint(http.Method, http.Path);

    private bool IsEndpoint(string verb, string path) => verb == "POST" && path == Options.Path;

    private IHttpEndpoint? EndpointFor(string verb, string path) => Array.Find(endpoints, endpoint => endpoint.Claims(verb, path));

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan patience)
    {
        try
        {
            await task.WaitAsync(patience, Server.Options.TimeProvider).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
