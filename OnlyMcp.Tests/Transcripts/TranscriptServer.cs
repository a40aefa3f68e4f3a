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
        AddPrompts(server);
        AddResources(server);
        return server;
    }

    private static void AddPrompts(McpServer server)
    {
        server.AddPrompt("review", "Reviews code", (string code, Tone tone = Tone.Friendly) => $"{tone}: {code}");
        server.AddPrompt("kinds", "All kinds of content", ContentBlock[] () =>
        [
            new ImageContent { Data = new byte[] { 1, 2, 3 }, MimeType = "image/png" },
            new AudioContent { Data = new byte[] { 4, 5, 6 }, MimeType = "audio/wav" },
            new ResourceLink { Name = "notes", Uri = "file:///notes.txt" },
            new EmbeddedResource { Resource = new TextResourceContents { Uri = "note://a", MimeType = "text/plain", Text = "A note" } },
        ]);
    }

    private static void AddResources(McpServer server)
    {
        server.AddResource("note://a", "a", "A note");
        server.AddResource("note://b", "b", new byte[] { 1, 2, 3 }, "image/png");
        server.AddResourceTemplate("weather://{city}{?days}", "weather", (string city, int days = 1) => $"{city}: {days} days of sun");
    }

    private enum Tone
    {
        Friendly,
        Strict,
    }

    private sealed record Point(int X, int Y);
}
