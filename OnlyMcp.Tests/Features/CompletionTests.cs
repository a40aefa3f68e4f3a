using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Completions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>Completion, over each transport in each revision.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class CompletionTests(Way way)
{
    private static readonly PromptReference Review = new() { Name = "review" };
    private static readonly ResourceTemplateReference Weather = new() { Uri = "weather://{city}{?unit}" };

    public enum Unit
    {
        Celsius,
        Kelvin,
    }

    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    [Test]
    [Spec("2026-07-28 server/utilities/completion §Completion Results")]
    [Spec("2026-07-28 server/utilities/completion §Capabilities", 1)]
    public async Task Values_of_a_list_are_proposed_those_first_that_begin_with_what_was_typed()
    {
        var server = Server();
        server.AddCompletion(Review, "language", ["Java", "JavaScript", "TypeScript", "C#"]);
        await using var connected = await way.ConnectAsync(server);

        var found = await connected.Client.CompleteAsync(Review, "language", "s");
        found.Values.Should().Equal("JavaScript", "TypeScript");
        found.Total.Should().Be(2);
        found.HasMore.Should().BeFalse();
        (await connected.Client.CompleteAsync(Review, "language", "java")).Values.Should().Equal("Java", "JavaScript");
        (await connected.Client.CompleteAsync(Review, "language", "")).Values.Should().HaveCount(4);
        connected.Client.ServerCapabilities!.Completions.Should().NotBeNull();
    }

    [Test]
    [Spec("2026-07-28 server/utilities/completion §Requesting Completions")]
    public async Task A_function_sees_what_is_known_already()
    {
        var server = Server();
        server.AddCompletion(Review, "framework", query => query.Arguments.GetValueOrDefault("language") == "python" ? ["flask", "django"] : []);
        await using var connected = await way.ConnectAsync(server);

        (await connected.Client.CompleteAsync(Review, "framework", "", ("language", "python"))).Values.Should().Equal("flask", "django");
        (await connected.Client.CompleteAsync(Review, "framework", "")).Values.Should().BeEmpty();
    }

    [Test]
    [Spec("2026-07-28 server/utilities/completion §Completion Results")]
    public async Task Never_more_than_a_hundred_values_are_sent()
    {
        var server = Server();
        server.AddCompletion(Review, "language", Endless);
        server.AddCompletion(Review, "framework", (_, _) => new(new Completion { Values = [.. Enumerable.Range(0, 250).Select(i => $"{i}")] }));
        await using var connected = await way.ConnectAsync(server);

        var endless = await connected.Client.CompleteAsync(Review, "language", "");
        endless.Values.Should().HaveCount(100);
        endless.HasMore.Should().BeTrue();
        endless.Total.Should().BeNull();
        var many = await connected.Client.CompleteAsync(Review, "framework", "");
        many.Values.Should().HaveCount(100).And.StartWith("0");
        many.HasMore.Should().BeTrue();
        many.Total.Should().Be(250);

        static IEnumerable<string> Endless(CompletionQuery query)
        {
            for (var i = 0; ; i++)
                yield return $"{i}";
        }
    }

    [Test]
    [Spec("2026-07-28 server/utilities/completion §Reference Types")]
    public async Task Enums_bools_and_listed_values_complete_by_themselves()
    {
        var server = Server();
        await using var connected = await way.ConnectAsync(server);

        (await connected.Client.CompleteAsync(Weather, "unit", "k")).Values.Should().Equal("Kelvin");
        (await connected.Client.CompleteAsync(new ResourceTemplateReference { Uri = "weather://Oslo" }, "unit", "")).Values.Should().Equal("Celsius", "Kelvin");
        (await connected.Client.CompleteAsync(Review, "strict", "t")).Values.Should().Equal("true");
        (await connected.Client.CompleteAsync(Review, "tone", "fr")).Values.Should().Equal("friendly");
        (await connected.Client.CompleteAsync(Review, "language", "x")).Values.Should().BeEmpty("nobody proposes anything");
    }

    [Test]
    [Spec("2026-07-28 server/utilities/completion §Error Handling")]
    [Spec("2026-07-28 server/utilities/completion §Security", 1)]
    public async Task What_does_not_exist_cannot_be_completed()
    {
        var server = Server();
        server.AddResource("note://a", "a", "a");
        await using var connected = await way.ConnectAsync(server);

        await Refused(new PromptReference { Name = "nope" }, "x", "*nope*");
        await Refused(Review, "nope", "*'nope'*'language'*");
        await Refused(new ResourceTemplateReference { Uri = "nope://{x}" }, "x", "*nope*");
        await Refused(Weather, "days", "*'days'*'city'*");
        await Refused(new ResourceTemplateReference { Uri = "note://a" }, "x", "*no arguments*");

        async Task Refused(CompletionReference reference, string argument, string words)
        {
            var fault = (await FluentActions.Awaiting(() => connected.Client.CompleteAsync(reference, argument, "")).Should().ThrowAsync<JsonRpcException>()).Which;
            fault.Code.Should().Be(ErrorCode.InvalidParams);
            fault.Message.Should().Match(words);
        }
    }

    [Test]
    [Spec("2026-07-28 server/utilities/completion §Error Handling")]
    public async Task A_server_that_completes_nothing_does_not_know_the_method()
    {
        var server = new McpServer("plain", "1.0.0");
        server.AddPrompt("plain", "Plain", (string text) => text);
        await using var connected = await way.ConnectAsync(server, new McpClientOptions { ChecksServerCapabilities = false });

        (await FluentActions.Awaiting(() => connected.Client.CompleteAsync(new PromptReference { Name = "plain" }, "text", "")).Should().ThrowAsync<JsonRpcException>())
            .Which.Code.Should().Be(ErrorCode.MethodNotFound);
        connected.Client.ServerCapabilities!.Completions.Should().BeNull();
    }

    [Test]
    public void What_is_completed_must_be_there()
    {
        var server = Server();
        FluentActions.Invoking(() => server.AddCompletion(new PromptReference { Name = "nope" }, "x", ["a"])).Should().Throw<ArgumentException>().WithMessage("*add it first*");
        FluentActions.Invoking(() => server.AddCompletion(Review, "nope", ["a"])).Should().Throw<ArgumentException>().WithMessage("*'nope'*");
    }

    private static McpServer Server()
    {
        var server = new McpServer("completing", "1.0.0");
        server.AddPrompt(
            "review",
            "Reviews code",
            (string language, string framework, bool strict, [CompletesWith("friendly", "formal")] string tone) => language + framework + strict + tone);
        server.AddResourceTemplate(Weather.Uri, "weather", (string city, Unit unit = Unit.Celsius) => $"{city} {unit}");
        return server;
    }
}
