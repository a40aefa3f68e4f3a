using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using SdkClient = ModelContextProtocol.Client.McpClient;
using SdkClientOptions = ModelContextProtocol.Client.McpClientOptions;

namespace OnlyMcp.Tests.Interop;

/// <summary>The C# SDK's client with every feature of a server of ours: one conversation each, over transport x revision.</summary>
/// <remarks>It loses and reorders progress (Peers/README.md): what our server sends there is seen by other clients.</remarks>
[TestFixtureSource(typeof(CSharpSdkClient), nameof(CSharpSdkClient.Dated))]
[Parallelizable(ParallelScope.Self)]
public sealed class CSharpSdkFeatureTests(CSharpSdkClient peer)
{
    private const string Filled =
        """{"name":"Ada","email":"ada@example.com","site":"https://example.com/ada","day":"2026-07-28","time":"2026-07-28T12:00:00Z","greeting":"Hello","count":4,"share":0.5,"sure":true,"size":"S","colour":"r","pet":"dog","days":["Mo"],"fish":["t"]}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Revision revision = KnownRevisions.Find(peer.Spoken)!;
    private readonly ConcurrentQueue<ElicitRequestParams> asked = new();
    private readonly TaskCompletionSource<string> logged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource toolsChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServedServer? server;
    private SdkClient? client;

    private SdkClient Client => client!;

    [OneTimeSetUp]
    public async Task ConnectAsync()
    {
        server = await FeatureServer.StartAsync(peer.Transport);
        client = await SdkClient.CreateAsync(peer.To(server.Target), new SdkClientOptions
        {
            ProtocolVersion = peer.Pinned,
            Capabilities = new() { Elicitation = new() { Form = new(), Url = new() }, Sampling = new(), Roots = new() },
            Handlers = new()
            {
                ElicitationHandler = (question, _) => new(Answer(question!)),
                SamplingHandler = (_, _, _) => new(new CreateMessageResult { Role = Role.Assistant, Content = [new TextContentBlock { Text = "Roses" }], Model = "m1" }),
                RootsHandler = (_, _) => new(new ListRootsResult { Roots = [new Root { Uri = "file:///theirs" }] }),
                NotificationHandlers =
                [
                    new(NotificationMethods.LoggingMessageNotification, (news, _) =>
                    {
                        logged.TrySetResult(news.Params!["data"]!.GetValue<string>());
                        return default;
                    }),
                    new(NotificationMethods.ToolListChangedNotification, (_, _) =>
                    {
                        toolsChanged.TrySetResult();
                        return default;
                    }),
                ],
            },
        });
    }

    [OneTimeTearDown]
    public async Task LeaveAsync()
    {
        if (client is not null)
            await client.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
    }

    [SetUp]
    public void NameThePeer() => TestContext.Out.WriteLine(peer);

    [Test]
    public async Task Every_list_arrives_whole()
    {
        (await Client.ListToolsAsync()).Select(tool => tool.Name).Should().StartWith("content").And.Contain(["forecast", "several"]);
        (await Client.ListResourcesAsync()).Select(resource => resource.Uri).Should().StartWith(["note://text", "note://bytes", "note://third", "note://fourth"]);
        (await Client.ListResourceTemplatesAsync()).Select(template => template.UriTemplate).Should().Equal("note://{shelf}/{name}");
        (await Client.ListPromptsAsync()).Select(prompt => prompt.Name).Should().StartWith(["greet", "kinds", "third", "fourth"]);
    }

    [Test]
    public async Task Every_kind_of_content_arrives()
    {
        var content = (await CallAsync("content")).Content;

        content.Select(block => block.Type).Should().Equal(
            "text", "image", revision.HasAudioContent ? "audio" : "text", revision.HasResourceLinks ? "resource_link" : "text", "resource", "resource");
        ((TextContentBlock)content[0]).Annotations!.Priority.Should().Be(0.5f);
        ((ImageContentBlock)content[1]).DecodedData.ToArray().Should().Equal(FeatureServer.Bytes);
        ((BlobResourceContents)((EmbeddedResourceBlock)content[5]).Resource).DecodedData.ToArray().Should().Equal(FeatureServer.Bytes);
    }

    [Test]
    public async Task Structured_content_arrives_where_the_revision_has_it()
    {
        var answer = await CallAsync("forecast", ("city", "Oslo"));

        answer.StructuredContent?.GetRawText().Should().Be("""{"city":"Oslo","degrees":21.5}""");
        answer.StructuredContent.HasValue.Should().Be(revision.StructuredContent != StructuredContent.None);
        TextOf(answer).Should().Be("""{"city":"Oslo","degrees":21.5}""");
    }

    [Test]
    public async Task Failures_of_tools_are_results_and_all_others_are_errors()
    {
        TextOf(await CallAsync("fail")).Should().Be("This tool always fails.");
        TextOf(await CallAsync("forecast")).Should().Contain("city");
        var missing = Client.Awaiting(it => it.ReadResourceAsync("other://none").AsTask());
        ((int)(await missing.Should().ThrowAsync<McpProtocolException>()).Which.ErrorCode).Should().Be(revision.ResourceNotFoundCode);
        var incomplete = Client.Awaiting(it => it.GetPromptAsync("greet").AsTask());
        ((int)(await incomplete.Should().ThrowAsync<McpProtocolException>()).Which.ErrorCode).Should().Be(ErrorCode.InvalidParams);
    }

    [Test]
    public async Task Resources_are_read()
    {
        ((TextResourceContents)(await Client.ReadResourceAsync("note://text")).Contents[0]).Text.Should().Be("Hello");
        ((BlobResourceContents)(await Client.ReadResourceAsync("note://bytes")).Contents[0]).DecodedData.ToArray().Should().Equal(FeatureServer.Bytes);
        ((TextResourceContents)(await Client.ReadResourceAsync("note://upper/Moby%20Dick")).Contents[0]).Text.Should().Be("Moby Dick on upper");
    }

    [Test]
    public async Task Prompts_are_filled_in()
    {
        var greeting = await Client.GetPromptAsync("greet", new Dictionary<string, object?> { ["name"] = "Ada" });
        var kinds = await Client.GetPromptAsync("kinds");

        ((TextContentBlock)greeting.Messages.Single().Content).Text.Should().Be("short: Ada");
        kinds.Messages.Select(message => message.Content.Type).Should().Equal("text", "image", "resource");
    }

    [Test]
    public async Task Arguments_are_completed()
    {
        var greet = new PromptReference { Name = "greet" };
        var inContext = new CompleteRequestParams
        {
            Ref = greet,
            Argument = new() { Name = "name", Value = "" },
            Context = new() { Arguments = new Dictionary<string, string> { ["style"] = "shy" } },
        };

        (await Client.CompleteAsync(greet, "style", "sh")).Completion.Values.Should().Equal("short", "shy");
        (await Client.CompleteAsync(inContext)).Completion.Values.Should().Equal("anonymous");
        (await Client.CompleteAsync(new ResourceTemplateReference { Uri = "note://{shelf}/{name}" }, "shelf", "u")).Completion.Values.Should().Equal("upper");
    }

    [Test]
    public async Task A_form_is_filled_in_where_the_revision_has_forms()
    {
        // Fields in which several things are chosen are newer than forms.
        if (revision.HasChoicesInForms)
        {
            var filled = TextOf(await CallAsync("form"));
            JsonElement.DeepEquals(JsonElement.Parse(filled), JsonElement.Parse(Filled)).Should().BeTrue(filled);
        }
        else
        {
            await RefusesAsync("form");
        }
    }

    [Test]
    public async Task The_user_is_sent_to_a_page_where_the_revision_has_that()
    {
        if (revision.HasUrlElicitation)
        {
            TextOf(await CallAsync("page")).Should().Be("Accept");
            asked.Select(question => question.Url).Should().Contain("https://example.com/login");
        }
        else
        {
            await RefusesAsync("page");
        }
    }

    [Test]
    public async Task The_model_and_the_folders_of_the_client_are_asked_for()
    {
        TextOf(await CallAsync("sample")).Should().Be("Roses (m1)");
        TextOf(await CallAsync("roots")).Should().Be("file:///theirs");
    }

    [Test]
    public async Task Several_questions_follow_each_other_in_one_call()
    {
        if (revision.HasElicitation)
            TextOf(await CallAsync("several")).Should().Be("Ada, Roses, Ada");
        else
            await RefusesAsync("several");
    }

    [Test]
    public async Task A_call_that_the_client_aborts_is_cancelled()
    {
        if (peer.Transport != "http" || revision.Era == Era.Legacy)
        {
            TestContext.Out.WriteLine("Left out: the SDK's client says nothing when a call is cancelled; where that is enough, it closes the stream.");
            return;
        }

        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var calling = Client.CallToolAsync("wait", progress: new Started(started), cancellationToken: cancel.Token).AsTask();
        await started.Task.WaitAsync(Patience);
        await cancel.CancelAsync();

        await calling.Awaiting(call => call).Should().ThrowAsync<OperationCanceledException>();
        TextOf(await CallAsync("cancelled")).Should().Be("cancelled");
    }

    [Test]
    public async Task Log_messages_arrive()
    {
        if (revision.Era == Era.Modern)
        {
            TestContext.Out.WriteLine("Left out: the SDK's client has no way to ask for log messages with a modern request.");
            return;
        }

        await Client.SetLoggingLevelAsync(LoggingLevel.Warning);
        await CallAsync("log");

        (await logged.Task.WaitAsync(Patience)).Should().Be("great");
    }

    [Test]
    public async Task An_update_of_a_subscribed_resource_is_told()
    {
        if (revision.Era == Era.Modern)
        {
            // The SDK's client asks with a method that this revision does not have, and so hears what our server does not know.
            await Client.Awaiting(it => it.SubscribeToResourceAsync("note://text").WaitAsync(Patience)).Should().ThrowAsync<Exception>();
            return;
        }

        var updated = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = await Client.SubscribeToResourceAsync("note://text", (news, _) =>
        {
            updated.TrySetResult(news.Uri);
            return default;
        });

        await CallAsync("update", ("uri", "note://text"));

        (await updated.Task.WaitAsync(Patience)).Should().Be("note://text");
    }

    [Test]
    public async Task A_list_that_changes_while_the_server_runs_is_told_and_read_again()
    {
        await CallAsync("grow");

        if (revision.Era == Era.Legacy)
            await toolsChanged.Task.WaitAsync(Patience);
        else
            TestContext.Out.WriteLine("Left out: the SDK's client does not listen for changes of lists in the modern era.");
        (await Client.ListToolsAsync()).Select(tool => tool.Name).Should().Contain("grown");
        TextOf(await CallAsync("grown")).Should().Be("grown");
    }

    private async Task<CallToolResult> CallAsync(string tool, params (string Name, object Value)[] arguments) =>
        await Client.CallToolAsync(tool, arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value)).AsTask().WaitAsync(Patience);

    /// <summary>Has the tool ask what the revision has no words for.</summary>
    private async Task RefusesAsync(string tool)
    {
        var before = asked.Count;
        try
        {
            (await CallAsync(tool)).IsError.Should().BeTrue();
        }
        catch (McpException)
        {
            // An error says it too: the capability is missing that the revision does not have.
        }

        asked.Should().HaveCount(before);
    }

    private static string TextOf(CallToolResult result) => result.Content.OfType<TextContentBlock>().First().Text;

    private ElicitResult Answer(ElicitRequestParams question)
    {
        asked.Enqueue(question);
        if (question.Mode == "url")
            return new() { Action = "accept" };

        var filled = JsonElement.Parse(Filled).EnumerateObject().ToDictionary(field => field.Name, field => field.Value);
        return new() { Action = "accept", Content = question.RequestedSchema!.Properties.Keys.ToDictionary(name => name, name => filled[name]) };
    }

    private sealed class Started(TaskCompletionSource started) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => started.TrySetResult();
    }
}
