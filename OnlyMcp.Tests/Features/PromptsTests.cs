using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Prompts;
using OnlyMcp.Tests.Support;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace OnlyMcp.Tests.Features;

/// <summary>Prompts, over each transport in each revision.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class PromptsTests(Way way)
{
    public enum Style
    {
        Brief,
        Detailed,
    }

    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    [Test]
    [Spec("2026-07-28 server/prompts §Listing Prompts")]
    [Spec("2026-07-28 server/prompts §Capabilities", 1, 2)]
    public async Task Prompts_are_listed_with_their_arguments()
    {
        var server = new McpServer("review", "1.0.0");
        server.AddPrompt("review", "Reviews code", ([Description("The code to review")] string code, Style style = Style.Brief, RequestContext? context = null) => code);
        server.AddPrompt("greet", "Greets", () => "Hello");

        await using var connected = await way.ConnectAsync(server);

        var prompts = (await connected.Client.ListPromptsPageAsync()).Prompts;
        prompts.Should().BeEquivalentTo(
            new Prompt[]
            {
                new()
                {
                    Name = "review",
                    Description = "Reviews code",
                    Arguments = [new PromptArgument { Name = "code", Description = "The code to review", Required = true }, new PromptArgument { Name = "style" }],
                },
                new() { Name = "greet", Description = "Greets" },
            },
            options => options.WithStrictOrdering());
        connected.Client.ServerCapabilities!.Prompts.Should().NotBeNull();
    }

    [Test]
    [Spec("2026-07-28 server/prompts §Getting a Prompt")]
    public async Task Arguments_arrive_as_the_parameters_types()
    {
        var server = new McpServer("types", "1.0.0");
        server.AddPrompt(
            "all",
            "Takes all",
            (string text, int number, bool truth, Style style, DateOnly day, double? ratio = null, string? none = null) =>
                FormattableString.Invariant($"{text} {number} {truth} {style} {day:yyyy-MM-dd} {ratio} {none ?? "nothing"}"));

        await using var connected = await way.ConnectAsync(server);
        var prompt = await connected.Client.GetAsync(
            "all", ("text", "12"), ("number", "-3"), ("truth", "true"), ("style", "Detailed"), ("day", "2026-05-31"), ("ratio", "0.5"));

        TextOf(prompt).Should().Be("12 -3 True Detailed 2026-05-31 0.5 nothing");
        prompt.Description.Should().Be("Takes all");
    }

    [TestCase("number", "three", "*number*integer*\"three\"*")]
    [TestCase("number", "", "*number*integer*\"\"*")]
    [TestCase("number", "{}", "*number*integer*")]
    [TestCase("number", "11", "*number*between 1 and 10*\"11\"*")]
    [TestCase("truth", "yes", "*truth*true or false*\"yes\"*")]
    [TestCase("style", "brief", "*style*one of Brief, Detailed*\"brief\"*")]
    [TestCase("other", "x", "*no argument 'other'*")]
    [Spec("2026-07-28 server/prompts §Error Handling")]
    [Spec("2026-07-28 server/prompts §Security", 1)]
    public async Task What_is_wrong_with_an_argument_is_told(string argument, string value, string words)
    {
        var server = new McpServer("types", "1.0.0");
        server.AddPrompt("all", "Takes all", ([RangeAttribute(1, 10)] int? number, bool? truth, Style? style) => "never");
        await using var connected = await way.ConnectAsync(server);

        var fault = (await FluentActions.Awaiting(() => connected.Client.GetAsync("all", (argument, value))).Should().ThrowAsync<JsonRpcException>()).Which;

        fault.Code.Should().Be(ErrorCode.InvalidParams);
        fault.Message.Should().Match(words);
    }

    [Test]
    [Spec("2026-07-28 server/prompts §Error Handling")]
    public async Task A_missing_argument_and_an_unknown_prompt_are_told()
    {
        var server = new McpServer("review", "1.0.0");
        server.AddPrompt("review", "Reviews code", ([Description("The code")] string code) => code);
        await using var connected = await way.ConnectAsync(server);

        var missing = (await FluentActions.Awaiting(() => connected.Client.GetAsync("review")).Should().ThrowAsync<JsonRpcException>()).Which;
        missing.Code.Should().Be(ErrorCode.InvalidParams);
        missing.Message.Should().Contain("needs the argument 'code'");
        var unknown = (await FluentActions.Awaiting(() => connected.Client.GetAsync("nope")).Should().ThrowAsync<JsonRpcException>()).Which;
        unknown.Code.Should().Be(ErrorCode.InvalidParams);
        unknown.Message.Should().Contain("'nope'");
    }

    [Test]
    [Spec("2026-07-28 server/prompts §Error Handling")]
    public async Task What_a_failing_prompt_says_stays_on_the_server()
    {
        var server = new McpServer("failing", "1.0.0");
        server.AddPrompt("fail", "Fails", string () => throw new InvalidOperationException("the password is 1234"));
        server.AddPrompt("refuse", "Says why", string () => throw new JsonRpcException(ErrorCode.InvalidParams, "Not today."));
        await using var connected = await way.ConnectAsync(server);

        var fault = (await FluentActions.Awaiting(() => connected.Client.GetAsync("fail")).Should().ThrowAsync<JsonRpcException>()).Which;
        fault.Code.Should().Be(ErrorCode.InternalError);
        fault.Message.Should().NotContain("1234");
        (await FluentActions.Awaiting(() => connected.Client.GetAsync("refuse")).Should().ThrowAsync<JsonRpcException>()).WithMessage("Not today.");
    }

    [Test]
    [Spec("2026-07-28 server/prompts §PromptMessage")]
    public async Task A_delegate_may_return_what_it_has()
    {
        var server = new McpServer("shapes", "1.0.0");
        server.AddPrompt("message", "One message", () => new PromptMessage { Role = Role.Assistant, Content = new TextContent { Text = "said" } });
        server.AddPrompt("block", "A block", () => new ImageContent { Data = new byte[] { 1 }, MimeType = "image/png" });
        server.AddPrompt("texts", "Texts", async Task<string[]> () =>
        {
            await Task.Yield();
            return ["one", "two"];
        });
        server.AddPrompt("messages", "Messages", IEnumerable<PromptMessage> () => [new() { Role = Role.User, Content = new TextContent { Text = "x" } }]);
        server.AddPrompt("result", "A result", () => new GetPromptResult { Description = "its own", Messages = [] });
        server.AddPrompt(
            new Prompt { Name = "given", Title = "Given", Arguments = [new PromptArgument { Name = "a" }] },
            (arguments, _, _) => new(new GetPromptResult { Messages = [new() { Role = Role.User, Content = new TextContent { Text = arguments["a"] } }] }));
        await using var connected = await way.ConnectAsync(server);

        (await connected.Client.GetAsync("message")).Messages.Single().Role.Should().Be(Role.Assistant);
        (await connected.Client.GetAsync("block")).Messages.Single().Content.Should().BeOfType<ImageContent>();
        (await connected.Client.GetAsync("texts")).Messages.Select(message => ((TextContent)message.Content).Text).Should().Equal("one", "two");
        (await connected.Client.GetAsync("messages")).Messages.Should().ContainSingle();
        (await connected.Client.GetAsync("result")).Description.Should().Be("its own");
        TextOf(await connected.Client.GetAsync("given", ("a", "value"))).Should().Be("value");
    }

    [Test]
    [Spec("2026-07-28 server/prompts §PromptMessage")]
    [Spec("2026-07-28 server/prompts §Image Content", 1)]
    [Spec("2026-07-28 server/prompts §Audio Content", 1)]
    [Spec("2026-07-28 server/prompts §Embedded Resources", 1, 2, 3)]
    public async Task All_kinds_of_content_arrive_or_are_told_in_words_where_a_revision_has_no_room_for_them()
    {
        var server = new McpServer("kinds", "1.0.0");
        server.AddPrompt("kinds", "All kinds", ContentBlock[] () =>
        [
            new TextContent { Text = "text", Annotations = new Annotations { Priority = 1 } },
            new ImageContent { Data = new byte[] { 1 }, MimeType = "image/png" },
            new AudioContent { Data = new byte[] { 2 }, MimeType = "audio/wav" },
            new ResourceLink { Uri = "file:///a", Name = "a" },
            new EmbeddedResource { Resource = new TextResourceContents { Uri = "file:///b", MimeType = "text/plain", Text = "b" } },
        ]);
        using var record = new WireRecord();
        await using var connected = await way.ConnectAsync(server, new McpClientOptions { WireTap = record.Tap });

        var kinds = (await connected.Client.GetAsync("kinds")).Messages.Select(message => message.Content).ToArray();

        kinds.Select(kind => kind.Type).Should().Equal(
            "text", "image", way.Revision.HasAudioContent ? "audio" : "text", way.Revision.HasResourceLinks ? "resource_link" : "text", "resource");
        var image = (ImageContent)kinds[1];
        (image.MimeType, image.Data.Span[0]).Should().Be(("image/png", 1));
        OnTheWire(record, 1).Should().Be(("AQ==", "image/png"));
        if (kinds[2] is AudioContent audio)
            (audio.MimeType, audio.Data.Span[0], OnTheWire(record, 2)).Should().Be(("audio/wav", 2, ("Ag==", "audio/wav")));
        ((EmbeddedResource)kinds[4]).Resource.Should().Be(new TextResourceContents { Uri = "file:///b", MimeType = "text/plain", Text = "b" });
        if (!way.Revision.HasResourceLinks)
            ((TextContent)kinds[3]).Text.Should().Contain("file:///a");
        kinds[0].Annotations!.Priority.Should().Be(1);
    }

    private static (string? Data, string? MimeType) OnTheWire(WireRecord record, int message)
    {
        var content = record.Received[^1].GetProperty("result").GetProperty("messages")[message].GetProperty("content");
        return (content.GetProperty("data").GetString(), content.GetProperty("mimeType").GetString());
    }

    [Test]
    [Spec("2026-07-28 server/prompts §Capabilities", 2)]
    public async Task Prompts_may_come_and_go_while_the_server_runs()
    {
        var changes = new List<ChangeKind>();
        var server = new McpServer("later", "1.0.0", new McpServerOptions { Capabilities = new() { Prompts = new() } });
        using var heard = server.Options.Changes.Subscribe(change => changes.Add(change.Kind));
        await using var connected = await way.ConnectAsync(server);
        (await connected.Client.ListPromptsPageAsync()).Prompts.Should().BeEmpty();

        server.AddPrompts(typeof(Greetings));
        TextOf(await connected.Client.GetAsync("say_hello", ("name", "Ada"))).Should().Be("Hello Ada");
        server.Prompts.Remove("say_hello");
        (await connected.Client.ListPromptsPageAsync()).Prompts.Should().BeEmpty();

        changes.Should().Equal(ChangeKind.PromptsListChanged, ChangeKind.PromptsListChanged);
    }

    [Test]
    [Spec("2026-07-28 server/prompts §Capabilities")]
    public async Task Without_prompts_their_methods_are_not_available()
    {
        await using var connected = await way.ConnectAsync(new McpServer("empty", "1.0.0"), new McpClientOptions { ChecksServerCapabilities = false });

        (await FluentActions.Awaiting(() => connected.Client.ListPromptsPageAsync()).Should().ThrowAsync<JsonRpcException>())
            .Which.Code.Should().Be(ErrorCode.MethodNotFound);
        connected.Client.ServerCapabilities!.Prompts.Should().BeNull();
    }

    [Test]
    public void What_can_be_no_prompt_is_told_when_it_is_added()
    {
        var server = new McpServer("wrong", "1.0.0");
        FluentActions.Invoking(() => server.AddPrompt("x", "x", () => 3)).Should().Throw<ArgumentException>().WithMessage("*A prompt returns*");
        FluentActions.Invoking(() => server.AddPrompt("x", "x", (string[] list) => "x")).Should().Throw<ArgumentException>().WithMessage("*comes as text*");
        server.AddPrompt("x", "x", () => "x");
        FluentActions.Invoking(() => server.AddPrompt("x", "x", () => "x")).Should().Throw<ArgumentException>().WithMessage("*already*");
    }

    private static string TextOf(GetPromptResult prompt) => ((TextContent)prompt.Messages.Single().Content).Text;

    private static class Greetings
    {
        [McpPrompt(Title = "Say hello", Icon = "data:image/png;base64,AA==")]
        public static string SayHello(string name) => $"Hello {name}";
    }
}
