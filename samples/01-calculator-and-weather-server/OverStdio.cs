using OnlyMcp.Server;

namespace CalculatorAndWeatherServer;

/// <summary>Serves the one client that started this program, until it closes the pipe, or Ctrl+C.</summary>
internal static class OverStdio
{
    public static async Task<int> ServeAsync(McpServer server, TextWriter log)
    {
        log.WriteLine("Server initialized and routes configured");
        log.WriteLine("Server running on stdio");
        await server.RunStdioAsync();
        log.WriteLine("Server shutting down...");
        return 0;
    }
}
