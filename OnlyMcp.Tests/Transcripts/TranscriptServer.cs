using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>The servers that the transcripts talk to: each offers what its conversations are about, and nothing else.</summary>
internal static partial class TranscriptServer
{
    private static readonly Dictionary<string, Action<McpServer>> Offers = new()
    {
        ["tools"] = AddTools,
        ["pagination"] = AddNumbers,
        ["content"] = AddContent,
        ["structured"] = AddStructures,
        ["progress"] = AddCount,
        ["logging"] = AddLog,
        ["cancellation"] = AddWait,
        ["changes"] = AddLearning,
        ["updates"] = AddShopping,
        ["resources"] = AddResources,
        ["missing-resource"] = AddResources,
        ["prompts"] = AddPrompts,
        ["prompt-content"] = AddPictures,
        ["completion"] = AddCompletions,
        ["roots"] = AddFolders,
        ["sampling"] = AddAsking,
        ["missing-capability"] = AddAsking,
        ["elicitation"] = AddBooking,
        ["rounds"] = AddTrip,
        ["request-state"] = AddBooking,
        ["url-elicitation"] = AddBank,
        ["url-required"] = AddStatement,
        ["icons"] = AddIcons,
        ["sampling-tools"] = AddForecast,
        ["parameter-headers"] = AddRegions,
        ["resumption"] = AddSpeech,
    };

    /// <param name="transcript">Its name with its revision, such as <c>2025-11-25/tools</c>.</param>
    public static McpServer Make(string transcript)
    {
        var (revision, name) = (transcript.Split('/')[0], transcript.Split('/')[1]);
        var steps = new TaskSteps();
        var server = new McpServer("transcripts", "1.0.0", new McpServerOptions
        {
            Instructions = "Ask for anything.",
            PageSize = name == "pagination" ? 2 : null,
            Revisions = name is "older-server" or "newer-server" ? [KnownRevisions.Find(revision)!] : KnownRevisions.All,
            Icons = name == "icons" ? [Sun] : null,
            Tasks = steps.Options,
            Changes = steps.Changes,
        });
        if (TaskOffers.TryGetValue(name, out var add))
            add(server, steps);
        else
            Offers.GetValueOrDefault(name, AddSum)(server);
        return server;
    }

    private static void AddSum(McpServer server) => server.AddTool("add", "Adds two numbers", (int a, int b) => a + b);

    private static void AddTools(McpServer server)
    {
        AddSum(server);
        server.AddTool("fail", "Fails", string () => throw new InvalidOperationException("secret"));
    }

    private static void AddNumbers(McpServer server)
    {
        foreach (var name in new[] { "one", "two", "three" })
            server.AddTool(name, $"Says {name}", () => name);
    }

    private static void AddContent(McpServer server)
    {
        server.AddTool("say", "A text", () => "Hello.");
        server.AddTool("picture", "A picture", () => new ImageContent { Data = Picture, MimeType = "image/png" });
        server.AddTool("sound", "A sound", () => new AudioContent { Data = Sound, MimeType = "audio/wav" });
        server.AddTool("link", "A link", () => Link);
        server.AddTool("note", "A resource", () => Note);
    }

    private static void AddStructures(McpServer server)
    {
        server.AddTool("point", "A point", () => new Point(1, 2));
        server.AddTool("primes", "The first primes", () => new[] { 2, 3, 5 });
    }

    private static void AddCount(McpServer server) =>
        server.AddTool("count", "Counts and tells how far it is", (int to, IProgress<ProgressValue> progress) =>
        {
            for (var i = 1; i <= to; i++)
                progress.Report(new ProgressValue(i, to));
            return $"counted to {to}";
        });

    private static void AddLog(McpServer server) => server.AddTool("log", "Logs", async (RequestContext context) =>
    {
        await context.LogAsync(LoggingLevel.Info, "This is well.");
        await context.LogAsync(LoggingLevel.Error, "This is bad.");
        return "logged";
    });

    private static void AddRegions(McpServer server) => server.AddTool(
        "deploy", "Starts a program", ([McpHeader("Region")] string region, [McpHeader("Dry")] bool dry, string program) => $"{program} in {region}.");

    private static void AddSpeech(McpServer server) => server.AddTool("speak", "Says something, and breaks off", async (RequestContext context) =>
    {
        await context.LogAsync(LoggingLevel.Warning, "One.");
        await context.CloseStreamAsync(TimeSpan.Zero);
        await context.LogAsync(LoggingLevel.Warning, "Two.");
        return "Three.";
    });

    private static void AddWait(McpServer server)
    {
        AddSum(server);
        server.AddTool("wait", "Waits until nobody wants its answer", async (RequestContext context, CancellationToken unwanted) =>
        {
            await context.ReportProgressAsync(1, message: "Waiting.", cancellationToken: unwanted);
            await Task.Delay(Timeout.Infinite, unwanted);
            return "never";
        });
    }

    private sealed record Point(int X, int Y);
}
