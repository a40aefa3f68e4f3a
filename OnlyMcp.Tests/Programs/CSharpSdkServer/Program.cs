// The official C# SDK as a server over stdio, for the tests of OnlyMcp's client.
using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

byte[] bytes = [0, 1, 2, 253, 254, 255];
string[] styles = ["short", "long", "shy"];
string[] shelves = ["upper", "lower"];
McpServerPrimitiveCollection<McpServerTool> tools = [];
ConcurrentDictionary<string, bool> subscribed = new();
TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
McpServerTool[] offered =
[
    McpServerTool.Create((string message) => message, new() { Name = "echo", Description = "Says it again" }),
    McpServerTool.Create((double a, double b) => a + b, new() { Name = "add", Description = "Adds two numbers" }),
    McpServerTool.Create(Count, new() { Name = "count", Description = "Reports progress on every step" }),
    McpServerTool.Create(Fail, new() { Name = "fail", Description = "Throws" }),
    McpServerTool.Create(WaitAsync, new() { Name = "wait", Description = "Waits until it is cancelled" }),
    McpServerTool.Create(CancelledAsync, new() { Name = "cancelled", Description = "Answers once a wait was cancelled" }),
    McpServerTool.Create(AskAsync, new() { Name = "ask", Description = "Asks the user for a name" }),
    McpServerTool.Create(Content, new() { Name = "content", Description = "Answers with every kind of content" }),
    McpServerTool.Create(LogAsync, new() { Name = "log", Description = "Logs before it answers" }),
    McpServerTool.Create(FormAsync, new() { Name = "form", Description = "Has the user fill in a form with every kind of field" }),
    McpServerTool.Create(PageAsync, new() { Name = "page", Description = "Sends the user to a page" }),
    McpServerTool.Create(SampleAsync, new() { Name = "sample", Description = "Asks the model" }),
    McpServerTool.Create(RootsAsync, new() { Name = "roots", Description = "Asks for folders" }),
    McpServerTool.Create(UpdateAsync, new() { Name = "update", Description = "Changes a resource" }),
    McpServerTool.Create(Grow, new() { Name = "grow", Description = "Adds a tool" }),
];
foreach (McpServerTool tool in offered)
    tools.Add(tool);
McpServerOptions options = new()
{
    ServerInfo = new Implementation { Name = "csharp-sdk-server", Version = "1.0.0" },
    ToolCollection = tools,
    ResourceCollection =
    [
        McpServerResource.Create(() => "Hello from the peer", new() { UriTemplate = "peer://greeting", Name = "greeting", MimeType = "text/plain" }),
        McpServerResource.Create(
            () => BlobResourceContents.FromBytes(bytes, "peer://bytes", "application/octet-stream"), new() { UriTemplate = "peer://bytes", Name = "bytes" }),
        McpServerResource.Create((string shelf, string name) => $"{name} on {shelf}", new() { UriTemplate = "peer://{shelf}/{name}", Name = "shelf" }),
    ],
    PromptCollection =
    [
        McpServerPrompt.Create(() => "Introduce yourself.", new() { Name = "introduce", Description = "Asks for an introduction" }),
        McpServerPrompt.Create(Greet, new() { Name = "greet", Description = "Greets" }),
    ],
    Capabilities = new() { Resources = new() { Subscribe = true }, Completions = new() },
    Handlers = new()
    {
        CompleteHandler = (request, _) => new(new CompleteResult { Completion = new() { Values = [.. Complete(request.Params!)] } }),
        SubscribeToResourcesHandler = (request, _) => new(subscribed.TryAdd(request.Params!.Uri, true) ? new EmptyResult() : new()),
        UnsubscribeFromResourcesHandler = (request, _) => new(subscribed.TryRemove(request.Params!.Uri, out bool _) ? new EmptyResult() : new()),
    },
};

Jobs.AddTo(options);
await using McpServer server = McpServer.Create(new StdioServerTransport("csharp-sdk-server"), options);
await server.RunAsync();

static string Count(int to, IProgress<ProgressNotificationValue> progress)
{
    for (int step = 1; step <= to; step++)
        progress.Report(new ProgressNotificationValue { Progress = step, Total = to, Message = $"step {step}" });
    return $"counted to {to}";
}

static string Fail() => throw new McpException("this tool always fails");

async Task<string> WaitAsync(IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
{
    TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    using CancellationTokenRegistration registration = cancellation.Register(() => end.TrySetResult());
    progress.Report(new ProgressNotificationValue { Progress = 1 });
    await end.Task;
    cancelled.TrySetResult();
    return "too late";
}

async Task<string> CancelledAsync()
{
    await cancelled.Task;
    return "cancelled";
}

static async Task<string> AskAsync(McpServer server, CancellationToken cancellation)
{
    ElicitResult answer = await server.ElicitAsync(
        new ElicitRequestParams
        {
            Message = "Who are you?",
            RequestedSchema = new() { Properties = { ["name"] = new ElicitRequestParams.StringSchema() }, Required = ["name"] },
        },
        cancellation);
    return answer.IsAccepted ? $"Hello, {answer.Content!["name"].GetString()}" : answer.Action;
}

ContentBlock[] Content() =>
[
    new TextContentBlock { Text = "zähl ☃", Annotations = new() { Priority = 0.5f, Audience = [Role.User] } },
    ImageContentBlock.FromBytes(bytes, "image/png"),
    AudioContentBlock.FromBytes(bytes, "audio/wav"),
    new ResourceLinkBlock { Uri = "peer://greeting", Name = "greeting" },
    new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "peer://greeting", MimeType = "text/plain", Text = "embedded" } },
    new EmbeddedResourceBlock { Resource = BlobResourceContents.FromBytes(bytes, "peer://bytes", "application/octet-stream") },
];

GetPromptResult Greet(string name, string style = "short") => new()
{
    Messages =
    [
        new() { Role = Role.User, Content = new TextContentBlock { Text = $"{style}: {name}" } },
        new() { Role = Role.Assistant, Content = ImageContentBlock.FromBytes(bytes, "image/png") },
        new() { Role = Role.User, Content = new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "peer://greeting", Text = "embedded" } } },
    ],
};

IEnumerable<string> Complete(CompleteRequestParams asked) => asked.Argument.Name switch
{
    "style" => styles.Where(style => style.StartsWith(asked.Argument.Value, StringComparison.Ordinal)),
    "name" => asked.Context?.Arguments is { } known && known.TryGetValue("style", out string? style) && style == "shy" ? ["anonymous"] : ["Ada"],
    _ => shelves.Where(shelf => shelf.StartsWith(asked.Argument.Value, StringComparison.Ordinal)),
};

static async Task<string> LogAsync(string line, McpServer server, CancellationToken cancellation)
{
    LoggingMessageNotificationParams message = new() { Level = LoggingLevel.Info, Logger = "peer", Data = JsonSerializer.SerializeToElement(line) };
    await server.SendNotificationAsync(NotificationMethods.LoggingMessageNotification, message, cancellationToken: cancellation);
    return "logged";
}

static async Task<string> FormAsync(McpServer server, CancellationToken cancellation)
{
    const string Form = """
        {"mode":"form","message":"Fill in everything","requestedSchema":{"type":"object","required":["name","count","size"],"properties":{
        "name":{"type":"string","title":"Name","minLength":1},"email":{"type":"string","format":"email"},"greeting":{"type":"string","default":"Hello"},
        "count":{"type":"integer","minimum":1,"maximum":9},"share":{"type":"number","default":0.5},"sure":{"type":"boolean","default":true},
        "size":{"type":"string","enum":["S","M"]},"colour":{"type":"string","oneOf":[{"const":"r","title":"Red"},{"const":"g","title":"Green"}]},
        "pet":{"type":"string","enum":["cat","dog"],"enumNames":["Cat","Dog"],"default":"dog"},
        "days":{"type":"array","items":{"type":"string","enum":["Mo","Tu"]}},
        "fish":{"type":"array","items":{"anyOf":[{"const":"t","title":"Tuna"}]},"default":["t"]}}}}
        """;
    ElicitResult answer = await server.ElicitAsync(JsonSerializer.Deserialize<ElicitRequestParams>(Form, McpJsonUtilities.DefaultOptions)!, cancellation);
    return answer.IsAccepted ? JsonSerializer.Serialize(answer.Content) : answer.Action;
}

static async Task<string> PageAsync(McpServer server, CancellationToken cancellation) => (await server.ElicitAsync(
    new ElicitRequestParams { Mode = "url", Message = "Log in there", Url = "https://example.com/login", ElicitationId = "1" }, cancellation)).Action;

static async Task<string> SampleAsync(McpServer server, CancellationToken cancellation)
{
    CreateMessageResult said = await server.SampleAsync(
        new CreateMessageRequestParams
        {
            Messages = [new() { Role = Role.User, Content = [new TextContentBlock { Text = "A poem, please" }] }],
            MaxTokens = 50,
        },
        cancellation);
    return $"{said.Content.OfType<TextContentBlock>().Single().Text} ({said.Model})";
}

static async Task<string> RootsAsync(McpServer server, CancellationToken cancellation) =>
    string.Join(' ', (await server.RequestRootsAsync(new ListRootsRequestParams(), cancellation)).Roots.Select(root => root.Uri));

async Task<string> UpdateAsync(string uri, McpServer server, CancellationToken cancellation)
{
    if (subscribed.ContainsKey(uri))
    {
        await server.SendNotificationAsync(
            NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = uri }, cancellationToken: cancellation);
    }

    return "updated";
}

string Grow()
{
    tools.Add(McpServerTool.Create(() => "grown", new() { Name = "grown", Description = "Was not there before" }));
    return "grew";
}
