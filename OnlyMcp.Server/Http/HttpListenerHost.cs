using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server.Http;

/// <summary>Owns an HttpListener: takes its requests, hands each to the handlers on a stack of its own, and ends it in the one order that loses nothing.</summary>
internal sealed partial class HttpListenerHost
{
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(2);

    /// <summary>The ports of all hosts of this process: HttpListener would share one between two of them without a word.</summary>
    private static readonly ConcurrentDictionary<int, HttpListenerHost?> Ports = new();

    private static readonly AsyncCallback WhenTaken = Take;

    private readonly HttpListener listener;
    private readonly McpHttpHandler[] handlers;
    private readonly Func<HttpExchange, CancellationToken, ValueTask<bool>>? otherPaths;
    private readonly ILogger logger;
    private readonly HttpPrefix prefix;
    private Action? takeBackEveryHost;

    private HttpListenerHost(
        HttpListener listener, HttpPrefix prefix, Uri address, IReadOnlyList<McpHttpHandler> handlers,
        Func<HttpExchange, CancellationToken, ValueTask<bool>>? otherPaths, ILogger logger)
    {
        this.listener = listener;
        this.prefix = prefix;
        this.handlers = [.. handlers];
        this.otherPaths = otherPaths;
        this.logger = logger;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <exception cref="IOException">The port is in use, or may not be used.</exception>
    public static HttpListenerHost Start(
        HttpPrefix prefix, IReadOnlyList<McpHttpHandler> handlers,
        Func<HttpExchange, CancellationToken, ValueTask<bool>>? otherPaths, ILogger logger)
    {
        var (listener, port) = prefix.Port == 0 ? ListenAnywhere(prefix) : (Listen(prefix, prefix.Port), prefix.Port);
        var address = new Uri($"http://{(prefix.IsWildcard ? "localhost" : prefix.Host)}:{port}/");
        var host = new HttpListenerHost(listener, prefix, address, handlers, otherPaths, logger)
        {
            takeBackEveryHost = TakeEveryHost(listener, prefix, port),
        };
        Ports[port] = host;
        if (prefix.IsLoopback)
        {
            foreach (var handler in handlers)
                handler.IsReachedAt(address);
        }

        host.Accept();
        return host;
    }

    /// <summary>Takes no more connections; what is in flight goes on. (Stop would send it an empty 200.)</summary>
    public void Refuse()
    {
        Interlocked.Exchange(ref takeBackEveryHost, null)?.Invoke();
        listener.Prefixes.Clear();
    }

    /// <summary>Closes every connection. A client that does not read can hold that up for ever, so nobody waits for it for long.</summary>
    public async Task CloseAsync()
    {
        Interlocked.Exchange(ref takeBackEveryHost, null)?.Invoke();
        var closing = Task.Factory.StartNew(listener.Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(closing, Task.Delay(LongestClose)).ConfigureAwait(false);
        Ports.TryRemove(Address.Port, out _);
    }

    /// <summary>HttpListener refuses port 0: tries ports until one is free. Those that the system hands out itself are left alone.</summary>
    private static (HttpListener Listener, int Port) ListenAnywhere(HttpPrefix prefix)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            try
            {
                return (Listen(prefix, port), port);
            }
            catch (IOException) when (attempt < 200)
            {
                // That one is taken.
            }
        }
    }

    /// <summary>A listener that failed to start cannot be used again: each attempt takes a new one.</summary>
    private static HttpListener Listen(HttpPrefix prefix, int port)
    {
        if (!Ports.TryAdd(port, null))
            throw new IOException($"Another host of this process listens on port {port}: mount both servers on one.");

        var listener = new HttpListener { IgnoreWriteExceptions = false };
        try
        {
            foreach (var address in prefix.ForPort(port))
                listener.Prefixes.Add(address);
            listener.Start();
            return listener;
        }
        catch (HttpListenerException fault)
        {
            Ports.TryRemove(port, out _);
            throw new IOException($"http://{prefix.Host}:{port}/ cannot be listened on: {fault.Message}", fault);
        }
    }

    /// <summary>Has the next request waited for, and waits for nothing itself: a stream that stays open must not keep it out.</summary>
    private void Accept()
    {
        while (listener.IsListening)
        {
            try
            {
                // Not GetContextAsync: its task would cost another change of threads.
                var taking = listener.BeginGetContext(WhenTaken, this);
                if (!taking.CompletedSynchronously)
                    return;

                // On Windows a request that waited is there at once. Elsewhere it comes through the callback like any other.
                var work = (Host: this, Context: listener.EndGetContext(taking));
                ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Host.ServeAsync(work.Context), work, preferLocal: false);
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                NotTaken(fault);
            }
        }
    }

    /// <summary>Takes a request and serves it here, on a thread that the listener took from the pool for it.</summary>
    private static void Take(IAsyncResult taken)
    {
        if (taken.CompletedSynchronously)
            return;

        var host = (HttpListenerHost)taken.AsyncState!;
        HttpListenerContext? context = null;
        try
        {
            context = host.listener.EndGetContext(taken);
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            host.NotTaken(fault);
        }

        host.Accept();
        if (context is not null)
            _ = host.ServeAsync(context);
    }

    private void NotTaken(Exception fault)
    {
        if (listener.IsListening)
            logger.LogWarning(fault, "A connection could not be taken.");
    }

    private static async Task AnswerFailureAsync(Exchange exchange)
    {
        try
        {
            if (!exchange.HasResponse)
                await exchange.RespondAsync(500, default, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The client is gone, or the one that failed had begun an answer of its own.
            exchange.Abort(500);
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        using var exchange = new Exchange(context);
        try
        {
            foreach (var handler in handlers)
            {
                if (await handler.HandleAsync(exchange).ConfigureAwait(false))
                    return;
            }

            // Whoever serves other paths here relies on the names that the servers answer to: a foreign host is none of theirs.
            if (otherPaths is null || !IsForUs(exchange) || !await otherPaths(exchange, CancellationToken.None).ConfigureAwait(false))
                await RefuseAsync(exchange).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // Whatever it was, it was one request's: the others go on. Left alone, the listener would answer 200.
            logger.LogError(fault, "A request to {Path} could not be answered.", exchange.Path);
            await AnswerFailureAsync(exchange).ConfigureAwait(false);
        }
    }

    private bool IsForUs(Exchange exchange) => prefix.IsWildcard || handlers.Any(handler => handler.AnswersTo(exchange));

    private ValueTask RefuseAsync(Exchange exchange) => HttpReply.TryRefuseAsync(
        exchange, 404, new JsonRpcError(ErrorCode.InvalidRequest, "Nothing is served at this path."), null, handlers[0].Server.Options);
}
