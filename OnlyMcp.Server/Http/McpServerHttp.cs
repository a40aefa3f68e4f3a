using System.Runtime.InteropServices;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server;

public sealed partial class McpServer
{
    /// <summary>Serves clients over HTTP until the program is asked to end (Ctrl+C) or <paramref name="cancellationToken"/> is cancelled.</summary>
    /// <param name="prefix">Where to listen: <c>http://127.0.0.1:3001/</c> for programs of this machine.</param>
    /// <param name="options">Paths, names and time-outs.</param>
    /// <param name="cancellationToken">Stops the server, which finishes what is in flight.</param>
    /// <exception cref="ArgumentException">The prefix cannot be listened on; the message says what can.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public async Task RunHttpAsync(string prefix, McpHttpOptions? options = null, CancellationToken cancellationToken = default)
    {
        var host = new McpHttpHost(this, prefix, options);
        await using (host.ConfigureAwait(false))
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var byCaller = cancellationToken.Register(() => asked.TrySetResult());
            using var byKey = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
            using var bySystem = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
            await asked.Task.ConfigureAwait(false);
            await host.StopAsync().ConfigureAwait(false);

            void End(PosixSignalContext signal)
            {
                signal.Cancel = true; // The process ends when the requests have.
                asked.TrySetResult();
            }
        }
    }

    /// <summary>What the eras serve beside the POST of the MCP endpoint.</summary>
    internal IEnumerable<IHttpEndpoint> HttpEndpoints(McpHttpHandler handler) => eras.SelectMany(era => era.HttpEndpoints(handler));

    /// <summary>Whether the sender of an HTTP request may put several messages into an array.</summary>
    internal bool AcceptsBatches(Exchange exchange) => eras.Any(era => era.AcceptsBatches(exchange));
}
