using System.Runtime.InteropServices;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;

namespace LongJob;

/// <summary>Serves the job to the clients of this machine, until Ctrl+C. What is under way then goes on at the next start.</summary>
internal static class Serving
{
    public static async Task<int> RunAsync(Options options)
    {
        try
        {
            await using var store = new FileTaskStore(options.TaskFolder);
            var server = new McpServer("film-studio", "1.0.0", new McpServerOptions { Tasks = new TaskOptions { Store = store } });
            server.AddTool(Film.Tool, "Draws a film of ten scenes, and asks in the middle how it shall go on", Film.DrawAsync);

            await using var host = new McpHttpHost(server, $"http://localhost:{options.Port}/");
            await host.StartAsync();
            var end = EndIsAskedForAsync(); // From here on: whoever reads the next lines may press Ctrl+C at once.
            Console.WriteLine($"Jobs are kept in {options.TaskFolder}");
            Console.WriteLine($"Server running at {host.Address.AbsoluteUri.TrimEnd('/')}");
            await end;
            Console.WriteLine("Server shutting down...");
            return 0;
        }
        catch (IOException fault)
        {
            Console.Error.WriteLine($"{fault.Message} --port takes another port, --tasks another folder.");
            return 1;
        }
    }

    private static async Task EndIsAskedForAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byKey = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var bySystem = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        await asked.Task;

        void Ask(PosixSignalContext signal)
        {
            signal.Cancel = true;
            asked.TrySetResult();
        }
    }
}
