using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>The server that the transcripts talk to.</summary>
internal static class TranscriptServer
{
    public static McpServer Make()
    {
        var server = new McpServer("transcripts", "1.0.0", new McpServerOptions { Instructions = "Ask for anything." });
        server.AddTool("add", "Adds two numbers", (int a, int b) => a + b);
        server.AddTool("count", "Counts and tells how far it is", (int to, IProgress<ProgressValue> progress) =>
        {
            for (var i = 1; i <= to; i++)
                progress.Report(new ProgressValue(i, to));
            return $"counted to {to}";
        });
        server.AddTool("fail", "Fails", string () => throw new InvalidOperationException("secret"));
        server.AddTool("point", "A point", () => new Point(1, 2));
        server.AddTool("primes", "The first primes", () => new[] { 2, 3, 5 });
        server.AddTool("link", "A link", () => new ResourceLink { Name = "notes", Uri = "file:///notes.txt" });
        server.AddTool("log", "Logs", async (RequestContext context) =>
        {
            await context.LogAsync(LoggingLevel.Info, "This is well.");
            await context.LogAsync(LoggingLevel.Error, "This is bad.");
            return "logged";
        });
        return server;
    }

    private sealed record Point(int X, int Y);
}
