using System.Diagnostics.Metrics;
using OnlyMcp.LoadDriver.Soak;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Http;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The server of a soak: over HTTP in every revision, and it knows how much it holds.</summary>
internal static class SoakServer
{
    /// <summary>The line by which it is asked.</summary>
    public const string Standing = "standing";

    /// <summary>Clients that leave without a word are part of the soak: what they leave must go while somebody looks.</summary>
    public static TimeSpan SessionIdleTimeout { get; } = TimeSpan.FromSeconds(5);

    public static async Task ServeAsync(SideChannel channel)
    {
        using var counts = new Counts();
        var server = BusyServer.Make(counts.Options);
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        await channel.SendAsync(host.Address.ToString());
        while (await channel.TryReceiveAsync() is not null)
            await channel.SendAsync(counts.Now().ToString());
    }

    /// <summary>The same server over standard input and output, until its input ends.</summary>
    public static Task ServeStdioAsync() => BusyServer.Make().RunStdioAsync();

    /// <summary>Counts what comes and what goes, by what a server tells everybody.</summary>
    internal sealed class Counts : IDisposable
    {
        private readonly InMemoryChangeBus bus = new();
        private readonly MeterListener meters = new();
        private int inFlight;
        private int opened;
        private int ended;

        public Counts()
        {
            meters.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Telemetry.Name && instrument.Name == "mcp.server.session.duration")
                    listener.EnableMeasurementEvents(instrument);
            };
            meters.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref ended));
            meters.Start();
            Options = new McpServerOptions
            {
                Changes = bus,
                HandlerMiddleware = [CountAsync],
                Limits = new ServerLimits { SessionIdleTimeout = SessionIdleTimeout, UnusedSessionTimeout = SessionIdleTimeout },
            };
        }

        public McpServerOptions Options { get; }

        public Standing Now() => Soak.Standing.OfThisProcess() with
        {
            Sessions = Volatile.Read(ref opened) - Volatile.Read(ref ended),
            Listening = bus.Subscribers,
            InFlight = Volatile.Read(ref inFlight),
        };

        public void Dispose() => meters.Dispose();

        private async ValueTask<Result> CountAsync(
            JsonRpcRequest request, RequestContext context, RequestHandler<RequestContext> next, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref inFlight);
            try
            {
                var result = await next(request, context, cancellationToken);
                if (request.Method == Methods.Initialize)
                    Interlocked.Increment(ref opened);
                return result;
            }
            finally
            {
                Interlocked.Decrement(ref inFlight);
            }
        }
    }
}
