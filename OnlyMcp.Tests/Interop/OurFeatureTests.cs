using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our client against every feature of servers by others: one conversation each, over transport x revision.</summary>
/// <remarks>What a peer cannot do stands, with its reason, in <see cref="PeerGaps"/>; its test shows what the peer does instead.</remarks>
[TestFixtureSource(typeof(PeerServer), nameof(PeerServer.Featured))]
[Parallelizable(ParallelScope.Self)]
public sealed class OurFeatureTests(PeerServer peer)
{
    private const string Filled =
        """{"name":"Ada","email":"ada@example.com","greeting":"Hello","count":4,"share":0.5,"sure":true,"size":"S","colour":"r","pet":"dog","days":["Mo"],"fish":["t"]}""";

    private static readonly byte[] Bytes = [0, 1, 2, 253, 254, 255];

    private readonly Revision revision = KnownRevisions.Find(peer.Spoken)!;
    private readonly List<string> log = [];
    private ConnectedPeer? connected;

    private McpClient Client => connected!.Client;

    [OneTimeSetUp]
    public async Task ConnectAsync() => connected = await peer.ConnectAsync(new McpClientOptions
    {
        OnElicit = (_, _, _) => new(ElicitAnswer.Accept(new()
        {
            ["name"] = "Ada",
            ["email"] = "ada@example.com",
            ["count"] = 4,
            ["size"] = "S",
            ["colour"] = "r",
            ["days"] = new System.Text.Json.Nodes.JsonArray("Mo"),
        })),
        OnElicitUrl = (page, _, _) => new(page.Url == "https://example.com/login" ? ElicitAnswer.Accept() : ElicitAnswer.Decline),
        OnSample = (_, _, _) => new(new CreateMessageResult { Role = Role.Assistant, Content = [new TextContent { Text = "Roses" }], Model = "m1" }),
        Roots = [new Root { Uri = "file:///ours" }],
        LogLevel = LoggingLevel.Info,
        OnLog = line => log.Add(line.Data.GetString()!),
    });

    [OneTimeTearDown]
    public async Task LeaveAsync()
    {
        if (connected is not null)
            await connected.DisposeAsync();
    }

    [SetUp]
    public void NameThePeer() => TestContext.Out.WriteLine(peer);

    [Test]
    public async Task Every_kind_of_content_arrives()
    {
        var content = (await Client.CallToolAsync("content")).EnsureSuccess().Content;

        content.Select(block => block.Type).Should().Equal("text", "image", "audio", "resource_link", "resource", "resource");
        ((TextContent)content[0]).Should().Match<TextContent>(text => text.Text == "zähl ☃" && text.Annotations!.Priority == 0.5);
        ((ImageContent)content[1]).Data.ToArray().Should().Equal(Bytes);
        ((AudioContent)content[2]).Data.ToArray().Should().Equal(Bytes);
        ((ResourceLink)content[3]).Uri.Should().Be("peer://greeting");
        ((TextResourceContents)((EmbeddedResource)content[4]).Resource).Text.Should().Be("embedded");
        ((BlobResourceContents)((EmbeddedResource)content[5]).Resource).Blob.ToArray().Should().Equal(Bytes);
    }

    [Test]
    public async Task Log_messages_arrive()
    {
        log.Clear();
        (await Client.CallToolAsync("log", new { line = "from the peer" })).Text.Should().Be("logged");

        log.Should().Contain("from the peer");
    }

    [Test]
    public async Task Resources_are_listed_and_read()
    {
        (await Client.ListResourcesAsync().Select(resource => resource.Uri).ToArrayAsync()).Should().Contain(["peer://greeting", "peer://bytes"]);
        (await Client.ListResourceTemplatesAsync().Select(template => template.UriTemplate).ToArrayAsync()).Should().Equal("peer://{shelf}/{name}");
        (await Client.ReadResourceAsync("peer://greeting")).Text.Should().Be("Hello from the peer");
        (await Client.ReadResourceAsync("peer://bytes")).Bytes.ToArray().Should().Equal(Bytes);
        (await Client.ReadResourceAsync("peer://upper/Moby")).Text.Should().Be("Moby on upper");
        await Client.Awaiting(it => it.ReadResourceAsync("other://none")).Should().ThrowAsync<JsonRpcException>();
    }

    [Test]
    public async Task Prompts_are_listed_and_filled_in()
    {
        (await Client.ListPromptsAsync().Select(prompt => prompt.Name).ToArrayAsync()).Should().Contain(["introduce", "greet"]);
        var greeting = await Client.GetPromptAsync("greet", new Dictionary<string, string> { ["name"] = "Ada", ["style"] = "long" });

        greeting.Messages.Select(message => message.Content.Type).Should().Equal("text", "image", "resource");
        ((TextContent)greeting.Messages[0].Content).Text.Should().Be("long: Ada");
        greeting.Messages[1].Role.Should().Be(Role.Assistant);
        await Client.Awaiting(it => it.GetPromptAsync("none")).Should().ThrowAsync<JsonRpcException>();
    }

    [Test]
    public async Task Arguments_are_completed()
    {
        var greet = new PromptReference { Name = "greet" };

        (await Client.CompleteAsync(greet, "style", "sh")).Values.Should().Equal("short", "shy");
        (await Client.CompleteAsync(greet, "name", "", new Dictionary<string, string> { ["style"] = "shy" })).Values.Should().Equal("anonymous");
        (await Client.CompleteAsync(new ResourceTemplateReference { Uri = "peer://{shelf}/{name}" }, "shelf", "u")).Values.Should().Equal("upper");
    }

    [Test]
    public async Task A_form_is_filled_in()
    {
        var answer = await AskedAsync("form", revision.HasElicitation);

        if (answer is not null)
            JsonElement.DeepEquals(JsonElement.Parse(answer), JsonElement.Parse(Filled)).Should().BeTrue(answer);
    }

    [Test]
    public async Task The_user_is_sent_to_a_page()
    {
        var answer = await AskedAsync("page", revision.HasUrlElicitation);

        if (answer is not null)
            answer.Should().Be("accept");
    }

    [Test]
    public async Task The_model_is_asked() => (await AskedAsync("sample", true)).Should().Be("Roses (m1)");

    [Test]
    public async Task The_folders_are_asked_for() => (await AskedAsync("roots", true)).Should().Be("file:///ours");

    [Test]
    public async Task An_update_of_a_resource_is_heard()
    {
        await using var listening = Client.ListenAsync(new SubscriptionFilter { ResourceSubscriptions = ["peer://greeting"] }).GetAsyncEnumerator();
        var granted = await NextAsync<ListeningStarted>(listening);
        granted.Granted.ResourceSubscriptions.Should().Equal("peer://greeting");
        if (PeerGaps.Find(peer, "update") is { } gap)
        {
            PeerGaps.Told(gap);
            return;
        }

        await Client.CallToolAsync("update", new { uri = "peer://greeting" });

        (await NextAsync<ResourceUpdated>(listening)).Uri.Should().Be("peer://greeting");
    }

    [Test]
    public async Task A_list_of_tools_that_changes_is_heard_and_read_again()
    {
        await using var listening = Client.ListenAsync(new SubscriptionFilter { ToolsListChanged = true }).GetAsyncEnumerator();
        await NextAsync<ListeningStarted>(listening);

        await Client.CallToolAsync("grow");

        await NextAsync<ToolsListChanged>(listening);
        (await Client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync()).Should().Contain("grown");
        (await Client.CallToolAsync("grown")).Text.Should().Be("grown");
    }

    private static async Task<T> NextAsync<T>(IAsyncEnumerator<ServerChange> changes)
        where T : ServerChange
    {
        (await changes.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        return changes.Current.Should().BeOfType<T>().Subject;
    }

    /// <summary>What a tool answers that asks; null, and a failure instead, where the revision has no words for the question.</summary>
    private async Task<string?> AskedAsync(string tool, bool possible)
    {
        if (possible)
            return (await Client.CallToolAsync(tool)).EnsureSuccess().Text;

        try
        {
            (await Client.CallToolAsync(tool)).IsError.Should().BeTrue();
        }
        catch (JsonRpcException)
        {
            // Some say it with an error.
        }

        return null;
    }
}
