using Microsoft.Extensions.Logging;

namespace OnlyMcp.Server.Http;

/// <summary>Listens for HTTP requests and serves one MCP server with them, or several under different paths.</summary>
/// <remarks>
/// For programs of this machine, or behind a reverse proxy: HttpListener, on which it stands, has no TLS, no HTTP/2, no time limit
/// for headers and none for the number of connections.
/// </remarks>
public sealed class McpHttpHost : IAsyncDisposable
{
    private readonly List<McpHttpHandler> handlers = [];
    private readonly HttpPrefix prefix;
    private readonly ILogger logger;
    private HttpListenerHost? listener;
    private bool stopped;

    /// <summary>Makes a host for one server; <see cref="Mount"/> adds others.</summary>
    /// <param name="server">What is served.</param>
    /// <param name="prefix">Where to listen: <c>http://127.0.0.1:3001/</c>; port 0 takes any that is free.</param>
    /// <param name="options">Paths, names and time-outs.</param>
    /// <exception cref="ArgumentException">The prefix cannot be listened on; the message says what can.</exception>
    public McpHttpHost(McpServer server, string prefix, McpHttpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        this.prefix = HttpPrefix.Parse(prefix);
        logger = server.Options.LoggerFactory.CreateLogger<McpHttpHost>();
        Mount(server, options);
    }

    /// <summary>
    /// Answers requests whose path belongs to none of the servers: true if it did, false for a 404. No check of Host or Origin has
    /// been made for it.
    /// </summary>
    public Func<HttpExchange, CancellationToken, ValueTask<bool>>? OtherPaths { get; init; }

    /// <summary>Where it listens, with the port that was found.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public Uri Address => listener?.Address ?? throw new InvalidOperationException("The host has no address before it is started.");

    /// <summary>Adds a server under other paths than those of the servers before it.</summary>
    public McpHttpHost Mount(McpServer server, McpHttpOptions? options = null)
    {
        if (listener is not null)
            throw new InvalidOperationException("Servers are mounted before the host is started.");

        handlers.Add(new McpHttpHandler(server, options, prefix.Names));
        return this;
    }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="InvalidOperationException">
    /// It takes every name, but nobody said which are allowed; or a server requires authorization and nobody said where it is reached; or it
    /// was started before.
    /// </exception>
    /// <exception cref="IOException">The port is in use, or may not be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (listener is not null)
            throw new InvalidOperationException("A host is started once.");

        // A wildcard takes requests for any name, and so from any page whose owner lets his name point here.
        if (prefix.IsWildcard && handlers.Exists(handler => handler.Options.AllowedHosts.Count == 0))
        {
            throw new InvalidOperationException(
                $"A host that listens for every name must be told which are its own: set {nameof(McpHttpOptions)}.{nameof(McpHttpOptions.AllowedHosts)}.");
        }

        foreach (var handler in handlers)
            handler.CheckAuthorization(prefix.IsLoopback);

        listener = HttpListenerHost.Start(prefix, handlers, OtherPaths, logger);
        foreach (var handler in handlers)
            await handler.Server.TakeUpTasksAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Takes no more connections, lets what is in flight finish within <see cref="ServerLimits.ShutdownTimeout"/>, cancels the rest and
    /// ends.
    /// </summary>
    public async Task StopAsync()
    {
        if (listener is null || stopped)
            return;

        stopped = true;
        listener.Refuse();
        await Task.WhenAll(handlers.Select(handler => handler.StopAsync())).ConfigureAwait(false);
        await listener.CloseAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);
}
