using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Interop;

/// <summary>A server of ours with every feature of the protocol, for clients by others.</summary>
internal sealed class FeatureServer
{
    public const string Text = "note://text";
    public static readonly byte[] Bytes = [0, 1, 2, 253, 254, 255];

    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FeatureServer()
    {
        // Three to a page: every list has several.
        Server = new McpServer("features", "1.0.0", new McpServerOptions { Instructions = "Try everything.", PageSize = 3 });
        AddAnswers();
        AddNews();
        AddQuestions();
        AddResources();
        AddPrompts();
    }

    private McpServer Server { get; }

    /// <summary>Serves over <c>stdio</c>, <c>http</c> or <c>sse</c>.</summary>
    public static Task<ServedServer> StartAsync(string transport) => ServedServer.StartAsync(new FeatureServer().Server, transport);

    private void AddAnswers()
    {
        Server.AddTool("content", "Answers with every kind of content", ContentBlock[] () =>
        [
            new TextContent { Text = "zähl ☃", Annotations = new Annotations { Priority = 0.5, Audience = [Role.User] } },
            new ImageContent { Data = Bytes, MimeType = "image/png" },
            new AudioContent { Data = Bytes, MimeType = "audio/wav" },
            new ResourceLink { Uri = Text, Name = "text" },
            new EmbeddedResource { Resource = new TextResourceContents { Uri = Text, MimeType = "text/plain", Text = "embedded" } },
            new EmbeddedResource { Resource = new BlobResourceContents { Uri = "note://bytes", Blob = Bytes } },
        ]);
        Server.AddTool("forecast", "Answers with structured content", ([Required] string city) => new Forecast(city, 21.5));
        Server.AddTool("fail", "Fails", string () => throw new ToolErrorException("This tool always fails."));
    }

    private void AddNews()
    {
        Server.AddTool("count", "Reports how far it is", async (int to, RequestContext context) =>
        {
            for (var i = 1; i <= to; i++)
                await context.ReportProgressAsync(i, to, $"step {i}");
            return "counted";
        });
        Server.AddTool("log", "Logs", async (RequestContext context) =>
        {
            await context.LogAsync(LoggingLevel.Debug, "small");
            await context.LogAsync(LoggingLevel.Error, "great", "features");
            return "logged";
        });
        Server.AddTool("wait", "Waits until it is cancelled", async (RequestContext context, CancellationToken stop) =>
        {
            await using var noted = stop.Register(() => cancelled.TrySetResult());
            await context.ReportProgressAsync(1, cancellationToken: stop);
            await Task.Delay(Timeout.Infinite, stop);
        });
        Server.AddTool("cancelled", "Answers when a wait was cancelled", async (CancellationToken stop) =>
        {
            await cancelled.Task.WaitAsync(stop);
            return "cancelled";
        });
        Server.AddTool("update", "Changes a resource", async (string uri) =>
        {
            await Server.NotifyResourceUpdatedAsync(uri);
            return "updated";
        });
        Server.AddTool("grow", "Adds a tool, a prompt and a resource", () =>
        {
            Server.AddTool("grown", "Was not there before", () => "grown");
            Server.AddPrompt("grown", "Was not there before", () => "grown");
            Server.AddResource("note://grown", "grown", "grown");
            return "grew";
        });
    }

    private void AddQuestions()
    {
        Server.AddTool("form", "Has the user fill in a form with every kind of field", async (RequestContext context) =>
        {
            var answer = await context.ElicitAsync("form", "Fill in everything", Form);
            return JsonSerializer.Serialize(answer.Content);
        });
        Server.AddTool("page", "Sends the user to a page", async (RequestContext context) =>
            $"{await context.ElicitUrlAsync("page", "Log in there", new Uri("https://example.com/login"))}");
        Server.AddTool("sample", "Asks the model", async (RequestContext context) =>
        {
            var said = await context.SampleAsync("poem", "A poem, please", maxTokens: 50);
            return $"{((TextContent)said.Content[0]).Text} ({said.Model})";
        });
        Server.AddTool("roots", "Asks for folders", async (RequestContext context) =>
            string.Join(' ', (await context.ListRootsAsync()).Select(root => root.Uri)));
        Server.AddTool("several", "Asks one thing after another", async (RequestContext context) =>
        {
            var first = await context.ElicitAsync("first", "First?", Name);
            var said = await context.SampleAsync("poem", "A poem, please", maxTokens: 50);
            var second = await context.ElicitAsync("second", "Second?", Name);
            return $"{first.Content!["name"]}, {((TextContent)said.Content[0]).Text}, {second.Content!["name"]}";
        });
    }

    private void AddResources()
    {
        Server.AddResource(Text, "text", "Hello");
        Server.AddResource("note://bytes", "bytes", Bytes, "application/octet-stream");
        Server.AddResource("note://third", "third", "Third");
        Server.AddResource("note://fourth", "fourth", "Fourth");
        Server.AddResourceTemplate("note://{shelf}/{name}", "shelf", (string shelf, string name) => $"{name} on {shelf}");
        Server.AddCompletion(new ResourceTemplateReference { Uri = "note://{shelf}/{name}" }, "shelf", ["upper", "lower"]);
    }

    private void AddPrompts()
    {
        Server.AddPrompt("greet", "Greets", (string name, string style = "short") => $"{style}: {name}");
        Server.AddCompletion(new PromptReference { Name = "greet" }, "style", ["short", "long", "shy"]);
        Server.AddCompletion(
            new PromptReference { Name = "greet" }, "name", query => query.Arguments.GetValueOrDefault("style") == "shy" ? ["anonymous"] : ["Ada"]);
        Server.AddPrompt("kinds", "Has every kind of content", ContentBlock[] () =>
        [
            new TextContent { Text = "text" },
            new ImageContent { Data = Bytes, MimeType = "image/png" },
            new EmbeddedResource { Resource = new TextResourceContents { Uri = Text, MimeType = "text/plain", Text = "embedded" } },
        ]);
        Server.AddPrompt("third", "Third", () => "third");
        Server.AddPrompt("fourth", "Fourth", () => "fourth");
    }

    private static ElicitSchema Name { get; } =
        new() { Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema() }, Required = ["name"] };

    private static ElicitSchema Form { get; } = new()
    {
        Properties = new Dictionary<string, PrimitiveSchema>
        {
            ["name"] = new StringSchema { Title = "Name", MinLength = 1, MaxLength = 50 },
            ["email"] = new StringSchema { Format = StringFormat.Email },
            ["site"] = new StringSchema { Format = StringFormat.Uri },
            ["day"] = new StringSchema { Format = StringFormat.Date },
            ["time"] = new StringSchema { Format = StringFormat.DateTime },
            ["greeting"] = new StringSchema { Default = "Hello" },
            ["count"] = new NumberSchema { IsInteger = true, Minimum = 1, Maximum = 9 },
            ["share"] = new NumberSchema { Minimum = 0, Maximum = 10, Default = 0.5 },
            ["sure"] = new BooleanSchema { Default = true },
            ["size"] = new UntitledSingleSelectEnumSchema { Enum = ["S", "M"] },
            ["colour"] = new TitledSingleSelectEnumSchema { OneOf = [new() { Const = "r", Title = "Red" }, new() { Const = "g", Title = "Green" }] },
            ["pet"] = new LegacyTitledEnumSchema { Enum = ["cat", "dog"], EnumNames = ["Cat", "Dog"], Default = "dog" },
            ["days"] = new UntitledMultiSelectEnumSchema { Items = new() { Enum = ["Mo", "Tu"] }, MinItems = 1 },
            ["fish"] = new TitledMultiSelectEnumSchema { Items = new() { AnyOf = [new() { Const = "t", Title = "Tuna" }] }, Default = ["t"] },
        },
        Required = ["name", "count", "size"],
    };

    private sealed record Forecast(string City, double Degrees);
}
