using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our client with all that the everything server offers, over each of its transports; its tasks: <see cref="EverythingTaskTests"/>.</summary>
[TestFixture("stdio")]
[TestFixture("http")]
[TestFixture("sse")]
[Parallelizable(ParallelScope.Self)]
public sealed class EverythingServerTests(string transport)
{
    private readonly TaskCompletionSource<LoggingMessageNotificationParams> simulated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource resourcesChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> updated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource rootsTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<ElicitRequestUrlParams> pages = new();
    private ConnectedPeer? connected;

    private McpClient Client => connected!.Client;

    [OneTimeSetUp]
    public async Task ConnectAsync() => connected = await new PeerServer("everything", transport, "2025-11-25", "2025-11-25").ConnectAsync(new McpClientOptions
    {
        OnElicit = (_, _, _) => new(ElicitAnswer.Accept(new() { ["name"] = "Ada", ["check"] = true, ["email"] = "ada@example.com" })),
        OnElicitUrl = (page, _, _) =>
        {
            pages.Enqueue(page);
            return new(ElicitAnswer.Accept());
        },
        OnSample = (question, _, _) => new(new CreateMessageResult
        {
            Role = Role.Assistant,
            Content = [new TextContent { Text = $"To '{((TextContent)question.Messages[0].Content[0]).Text}': Roses" }],
            Model = "m1",
        }),
        Roots = [new Root { Uri = "file:///ours", Name = "ours" }],
        LogLevel = LoggingLevel.Debug,
        OnLog = Hear,
        OnNotification = Hear,
    });

    [OneTimeTearDown]
    public async Task LeaveAsync()
    {
        if (connected is not null)
            await connected.DisposeAsync();
    }

    [Test]
    public async Task Its_lists_are_whole()
    {
        (await Client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync()).Should().Contain(
        [
            "echo", "get-annotated-message", "get-env", "get-resource-links", "get-resource-reference", "get-structured-content", "get-sum", "get-tiny-image",
            "gzip-file-as-resource", "toggle-simulated-logging", "toggle-subscriber-updates", "trigger-long-running-operation",
            "get-roots-list", "trigger-elicitation-request", "trigger-url-elicitation", "trigger-sampling-request",
        ]);
        (await Client.ListPromptsAsync().Select(prompt => prompt.Name).ToArrayAsync())
            .Should().Equal("simple-prompt", "args-prompt", "completable-prompt", "resource-prompt");
        (await Client.ListResourcesAsync().CountAsync()).Should().BeGreaterThanOrEqualTo(7);
        (await Client.ListResourceTemplatesAsync().Select(template => template.UriTemplate).ToArrayAsync())
            .Should().Equal("demo://resource/dynamic/text/{resourceId}", "demo://resource/dynamic/blob/{resourceId}");
    }

    [Test]
    public async Task Its_contents_arrive()
    {
        var annotated = (await CallAsync("get-annotated-message", new { messageType = "error", includeImage = true })).Content;
        annotated[0].Annotations.Should().BeEquivalentTo(new Annotations { Priority = 1, Audience = [Role.User, Role.Assistant] });
        annotated[1].Should().BeOfType<ImageContent>();

        var links = (await CallAsync("get-resource-links", new { count = 4 })).Content.OfType<ResourceLink>().ToArray();
        links.Should().HaveCount(4).And.OnlyContain(link => link.Uri.StartsWith("demo://resource/dynamic/", StringComparison.Ordinal));

        var referred = (await CallAsync("get-resource-reference", new { resourceType = "Blob", resourceId = 3 })).Content.OfType<EmbeddedResource>().Single();
        ((BlobResourceContents)referred.Resource).Blob.Length.Should().BePositive();

        (await Client.CallToolAsync<Weather>("get-structured-content", new { location = "Chicago" }))
            .Should().Be(new Weather(36, "Light rain / drizzle", 82));
        (await CallAsync("get-env")).Text.Should().StartWith("{");
        ((ImageContent)(await CallAsync("get-tiny-image")).Content.Single(content => content is ImageContent)).Data.Span[1..4].ToArray().Should().Equal("PNG"u8.ToArray());
    }

    [Test]
    public async Task Its_resources_are_read()
    {
        (await Client.ReadResourceAsync("demo://resource/dynamic/text/7")).Text.Should().Contain("Resource 7");
        (await Client.ReadResourceAsync("demo://resource/dynamic/blob/7")).Contents.Should().ContainSingle().Which.Should().BeOfType<BlobResourceContents>();
        (await Client.ReadResourceAsync("demo://resource/static/document/features.md")).Text.Should().Contain("Everything");
        await Client.Awaiting(it => it.ReadResourceAsync("demo://resource/none")).Should().ThrowAsync<JsonRpcException>();
    }

    [Test]
    public async Task Its_prompts_are_filled_in()
    {
        TextOf(await Client.GetPromptAsync("simple-prompt")).Should().Be("This is a simple prompt without arguments.");
        TextOf(await Client.GetPromptAsync("args-prompt", Arguments(("city", "Oslo"), ("state", "Norway")))).Should().Be("What's weather in Oslo, Norway?");
        TextOf(await Client.GetPromptAsync("completable-prompt", Arguments(("department", "Sales"), ("name", "Eve")))).Should().Contain("promote Eve");
        var messages = (await Client.GetPromptAsync("resource-prompt", Arguments(("resourceType", "Text"), ("resourceId", "2")))).Messages;
        ((TextResourceContents)((EmbeddedResource)messages[1].Content).Resource).Uri.Should().Be("demo://resource/dynamic/text/2");
    }

    [Test]
    public async Task Its_arguments_are_completed()
    {
        var prompt = new PromptReference { Name = "completable-prompt" };

        (await Client.CompleteAsync(prompt, "department", "S")).Values.Should().Equal("Sales", "Support");
        (await Client.CompleteAsync(prompt, "name", "", Arguments(("department", "Sales")))).Values.Should().Equal("David", "Eve", "Frank");
        (await Client.CompleteAsync(new ResourceTemplateReference { Uri = "demo://resource/dynamic/text/{resourceId}" }, "resourceId", "5")).Values.Should().Equal("5");
    }

    [Test]
    public async Task A_form_with_every_kind_of_field_is_filled_in_with_its_defaults()
    {
        var answer = (await CallAsync("trigger-elicitation-request")).Text;

        var raw = JsonElement.Parse(answer[answer.IndexOf("Raw result: ", StringComparison.Ordinal)..]["Raw result: ".Length..]).GetProperty("content");
        raw.GetProperty("name").GetString().Should().Be("Ada");
        raw.GetProperty("integer").GetInt32().Should().Be(42);
        raw.GetProperty("untitledMultipleSelectEnum").GetRawText().Should().Contain("Guitar");
        raw.GetProperty("titledSingleSelectEnum").GetString().Should().Be("hero-1");
        raw.GetProperty("legacyTitledEnum").GetString().Should().Be("pet-1");
    }

    [Test]
    public async Task The_user_is_sent_to_a_page()
    {
        var answer = (await CallAsync("trigger-url-elicitation", new { url = "https://example.com/login", message = "Log in", elicitationId = "e1" })).Text;

        answer.Should().Contain("completed the URL elicitation").And.Contain("e1");
        pages.Select(page => page.Url).Should().Contain("https://example.com/login");
    }

    [Test]
    public async Task A_page_that_is_required_first_is_opened_and_the_call_repeated()
    {
        var calling = CallAsync("trigger-url-elicitation", new { url = "https://example.com/first", message = "Log in", elicitationId = "e2", errorPath = true });
        while (!calling.IsCompleted)
        {
            // The server does not say when the user is done there: the user does.
            foreach (var page in pages)
                Client.CompleteElicitUrl(page.ElicitationId!);
            await Task.Yield();
        }

        (await calling).Text.Should().Contain("completed the URL elicitation");
        pages.Select(page => page.Url).Should().ContainInOrder("https://modelcontextprotocol.io", "https://example.com/first");
    }

    [Test]
    public async Task The_model_and_the_folders_are_asked_for()
    {
        (await CallAsync("trigger-sampling-request", new { prompt = "a poem", maxTokens = 50 })).Text.Should().Contain("a poem': Roses").And.Contain("m1");
        (await CallAsync("get-roots-list")).Text.Should().Contain("file:///ours");
    }

    [Test]
    public async Task A_change_of_the_folders_is_heard()
    {
        // Before it knows them it does not listen for their change.
        await CallAsync("get-roots-list");
        await Client.SetRootsAsync([new Root { Uri = "file:///ours" }, new Root { Uri = "file:///other" }]);

        await rootsTold.Task.WaitAsync(TimeSpan.FromSeconds(30));
        (await CallAsync("get-roots-list")).Text.Should().Contain("file:///other");
    }

    [Test]
    public async Task A_long_operation_tells_how_far_it_is()
    {
        List<double> progress = [];

        await Client.CallToolAsync(
            "trigger-long-running-operation", new { duration = 0.1, steps = 5 }, new RequestOptions { OnProgress = news => progress.Add(news.Progress) });

        progress.Should().Equal(1, 2, 3, 4, 5);
    }

    [Test]
    public async Task Its_log_is_heard()
    {
        await CallAsync("toggle-simulated-logging");

        (await simulated.Task.WaitAsync(TimeSpan.FromSeconds(30))).Data.GetString().Should().Contain("essage");
        await CallAsync("toggle-simulated-logging");
    }

    [Test]
    public async Task Updates_of_a_subscribed_resource_are_heard()
    {
        const string Uri = "demo://resource/dynamic/text/1";
        await Client.SendRequestAsync("resources/subscribe", new JsonBody(JsonSerializer.SerializeToUtf8Bytes(new { uri = Uri })));

        await CallAsync("toggle-subscriber-updates");

        (await updated.Task.WaitAsync(TimeSpan.FromSeconds(30))).Should().Be(Uri);
        await CallAsync("toggle-subscriber-updates");
        await Client.SendRequestAsync("resources/unsubscribe", new JsonBody(JsonSerializer.SerializeToUtf8Bytes(new { uri = Uri })));
    }

    [Test]
    public async Task A_resource_that_a_tool_has_made_is_listed_and_read()
    {
        var link = (await CallAsync("gzip-file-as-resource", new { name = "a.gz", data = "data:text/plain,hello", outputType = "resourceLink" }))
            .Content.OfType<ResourceLink>().Single();

        await resourcesChanged.Task.WaitAsync(TimeSpan.FromSeconds(30));
        (await Client.ListResourcesAsync().Select(resource => resource.Uri).ToArrayAsync()).Should().Contain(link.Uri);
        using var zipped = new GZipStream(new MemoryStream((await Client.ReadResourceAsync(link.Uri)).Bytes.ToArray()), CompressionMode.Decompress);
        (await new StreamReader(zipped).ReadToEndAsync()).Should().Be("hello");
    }

    private async Task<ToolAnswer> CallAsync(string tool, object? arguments = null) => (await Client.CallToolAsync(tool, arguments)).EnsureSuccess();

    private void Hear(LoggingMessageNotificationParams line)
    {
        if (line.Data.GetString() is not { } text)
            return;
        if (text.Contains("essage", StringComparison.Ordinal) && text.Contains("level", StringComparison.Ordinal))
            simulated.TrySetResult(line);
        if (text.StartsWith("Roots updated: 2", StringComparison.Ordinal))
            rootsTold.TrySetResult();
    }

    private ValueTask Hear(JsonRpcNotification news)
    {
        if (news.Method == "notifications/resources/list_changed")
            resourcesChanged.TrySetResult();
        if (news.Method == "notifications/resources/updated")
            updated.TrySetResult(news.Params.ToElement().GetProperty("uri").GetString()!);
        return default;
    }

    private static Dictionary<string, string> Arguments(params (string Name, string Value)[] arguments) =>
        arguments.ToDictionary(argument => argument.Name, argument => argument.Value);

    private static string TextOf(GetPromptResult result) => ((TextContent)result.Messages.Single().Content).Text;

    private sealed record Weather(double Temperature, string Conditions, double Humidity);
}
