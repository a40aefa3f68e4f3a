using System.Runtime.InteropServices;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;

namespace CalculatorAndWeatherServer;

/// <summary>Serves the clients of this machine, with a route of its own beside those of MCP, until Ctrl+C.</summary>
internal static class OverHttp
{
    public static async Task<int> ServeAsync(McpServer server, int port, TextWriter log)
    {
        await using var host = new McpHttpHost(server, $"http://localhost:{port}/") { OtherPaths = PingAsync };
        log.WriteLine("Server initialized and routes configured");
        try
        {
            await host.StartAsync();
        }
        catch (IOException fault)
        {
            Console.Error.WriteLine($"{fault.Message}. --port takes another port, or with 0 any that is free.");
            return 1;
        }

        var end = EndIsAskedForAsync(); // From here on: whoever reads the next line may press Ctrl+C at once.
        log.WriteLine($"Server running at {host.Address.AbsoluteUri.TrimEnd('/')}");
        await end;
        log.WriteLine("Server shutting down...");
        return 0;
    }

    /// <summary>Tells a health check that the server is there.</summary>
    private static async ValueTask<bool> PingAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        if (http is not { Method: "GET", Path: "/ping" })
            return false;

        http.SetResponseHeader("Content-Type", "text/plain");
        await http.RespondAsync(200, "pong"u8.ToArray(), cancellationToken);
        return true;
    }

    private static async Task EndIsAskedForAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byKey = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var bySystem = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        await asked.Task;

        void Ask(PosixSignalContext signal)
        {
            signal.Cancel = true; // The process ends when the requests in flight have.
            asked.TrySetResult();
        }
    }
}
