using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;

namespace OnlyMcp.Tests.Transcripts;

/// <content>Prompts, resources, completion, and what changes.</content>
internal static partial class TranscriptServer
{
    // A few bytes are enough: nobody looks at them.
    private static readonly byte[] Picture = [1, 2, 3];
    private static readonly byte[] Sound = [4, 5, 6];

    private static readonly ResourceLink Link = new() { Name = "notes", Uri = "file:///notes.txt" };

    private static readonly EmbeddedResource Note = new()
    {
        Resource = new TextResourceContents { Uri = "note://shopping", MimeType = "text/plain", Text = "Milk, bread." },
    };

    private static readonly Icon Sun = new() { Src = "https://weather.example/sun.png", MimeType = "image/png", Sizes = ["48x48"], Theme = IconTheme.Light };

    private static readonly Icon Dot = new() { Src = "data:image/png;base64,AQID" };

    private static void AddIcons(McpServer server)
    {
        server.AddTool(
            new Tool { Name = "weather", InputSchema = JsonElement.Parse("""{"type":"object"}"""), Icons = [Sun, Dot] },
            (_, _, _) => new(new CallToolResult { Content = [new TextContent { Text = "Sunny." }] }));
        server.AddPrompt(
            new Prompt { Name = "report", Icons = [Sun] },
            (_, _, _) => new(new GetPromptResult { Messages = [new PromptMessage { Role = Role.User, Content = new TextContent { Text = "Report." } }] }));
        server.AddResource(
            new Resource { Uri = "weather://today", Name = "today", Icons = [Dot] },
            (_, _) => new(new ReadResourceResult { Contents = [new TextResourceContents { Uri = "weather://today", Text = "Sunny." }] }));
    }

    private static void AddResources(McpServer server)
    {
        server.AddResource("note://shopping", "shopping", "Milk, bread.");
        server.AddResource("picture://dot", "dot", Picture, "image/png");
        server.AddResourceTemplate("weather://{city}{?days}", "weather", (string city, int days = 1) => $"{city}: sun for {days} days.", "text/plain");
    }

    private static void AddShopping(McpServer server)
    {
        List<string> list = ["Milk"];
        server.AddResource("note://shopping", "shopping", () => $"{string.Join(", ", list)}.", "text/plain");
        server.AddTool("buy", "Adds to the list", async (string what) =>
        {
            list.Add(what);
            await server.NotifyResourceUpdatedAsync("note://shopping");
            return "added";
        });
    }

    private static void AddLearning(McpServer server)
    {
        server.AddPrompt("greet", "Says hello", () => "Say hello.");
        server.AddResource("note://shopping", "shopping", "Milk, bread.");
        server.AddTool("learn", "Learns to sing", () =>
        {
            server.AddTool("sing", "Sings", () => "La la la.");
            return "learned";
        });
        server.AddTool("teach", "Learns another greeting", () =>
        {
            server.AddPrompt("part", "Says goodbye", () => "Say goodbye.");
            return "learned";
        });
        server.AddTool("write", "Writes another note", () =>
        {
            server.AddResource("note://travel", "travel", "Oslo, Rome.");
            return "written";
        });
    }

    private static void AddPrompts(McpServer server) => server.AddPrompt(
        "review", "Has code looked at", (string code, Tone tone = Tone.Friendly) => $"{tone}: {code}");

    private static void AddPictures(McpServer server)
    {
        server.AddPrompt("look", "Shows a picture", ContentBlock[] () =>
            [new ImageContent { Data = Picture, MimeType = "image/png" }, new TextContent { Text = "What is this?" }]);
        server.AddPrompt("listen", "Plays a sound", ContentBlock () => new AudioContent { Data = Sound, MimeType = "audio/wav" });
        server.AddPrompt("point", "Names a file", ContentBlock () => Link);
        server.AddPrompt("read", "Shows a note", ContentBlock () => Note);
        server.AddPrompt("talk", "Begins a conversation", PromptMessage[] () =>
        [
            new() { Role = Role.User, Content = new TextContent { Text = "Who are you?" } },
            new() { Role = Role.Assistant, Content = new TextContent { Text = "A server." } },
        ]);
    }

    private static void AddCompletions(McpServer server)
    {
        server.AddPrompt("review", "Has code looked at", (string language, string framework = "") => $"Review this {language} {framework}.");
        server.AddCompletion(new PromptReference { Name = "review" }, "language", ["python", "pascal", "java"]);
        server.AddCompletion(new PromptReference { Name = "review" }, "framework", query =>
            query.Arguments.GetValueOrDefault("language") == "python" ? ["flask", "django"] : ["none"]);
        server.AddResourceTemplate("weather://{city}", "weather", (string city) => $"Sunny in {city}.", "text/plain");
        server.AddCompletion(new ResourceTemplateReference { Uri = "weather://{city}" }, "city", ["Oslo", "Rome"]);
    }

    private enum Tone
    {
        Friendly,
        Strict,
    }
}
