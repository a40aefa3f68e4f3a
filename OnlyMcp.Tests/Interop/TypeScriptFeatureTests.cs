using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Tests.Interop;

/// <summary>The TypeScript SDK's clients on a tour of every feature of a server of ours: one tour each, over transport x revision.</summary>
/// <remarks>
/// What a peer cannot do, with its reason, stands in the test of the feature: what a revision does not have, it cannot have there, and
/// then the test looks at how that is told.
/// </remarks>
[TestFixtureSource(typeof(TypeScriptClient), nameof(TypeScriptClient.Pinned))]
[Parallelizable(ParallelScope.Self)]
public sealed class TypeScriptFeatureTests(TypeScriptClient client)
{
    private static readonly string Bytes = Convert.ToBase64String(FeatureServer.Bytes);

    private readonly Revision revision = KnownRevisions.Find(client.Spoken)!;
    private JsonElement tour;

    private bool IsModern => revision.Era == Era.Modern;

    [OneTimeSetUp]
    public async Task TourAsync()
    {
        await using var server = await FeatureServer.StartAsync(client.Transport);
        var report = await client.TourAsync(server.Target);
        report.GetProperty("protocolVersion").GetString().Should().Be(client.Spoken);
        report.GetProperty("instructions").GetString().Should().Be("Try everything.");
        tour = report.GetProperty("tour");
    }

    [SetUp]
    public void NameTheClient() => TestContext.Out.WriteLine(client);

    [TestCase("tools", "name", new[] { "content", "forecast", "fail", "count", "log", "wait", "cancelled", "update", "grow", "form", "page", "sample", "roots", "several" })]
    [TestCase("resources", "uri", new[] { "note://text", "note://bytes", "note://third", "note://fourth" })]
    [TestCase("templates", "uriTemplate", new[] { "note://{shelf}/{name}" })]
    [TestCase("prompts", "name", new[] { "greet", "kinds", "third", "fourth" })]
    public void A_list_arrives_whole_page_by_page(string list, string member, string[] expected)
    {
        var result = Result(list);

        result.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(member).GetString()).Should().Equal(expected);
        result.GetProperty("requests").GetInt32().Should().Be((expected.Length + 2) / 3, "a page has three");
    }

    [Test]
    public void Every_kind_of_content_arrives()
    {
        var content = Result("content").GetProperty("content").EnumerateArray().ToArray();

        content.Select(block => Text(block, "type")).Should().Equal(
            "text", "image", revision.HasAudioContent ? "audio" : "text", revision.HasResourceLinks ? "resource_link" : "text", "resource", "resource");
        Text(content[0], "text").Should().Be("zähl ☃");
        content[0].GetProperty("annotations").GetProperty("priority").GetDouble().Should().Be(0.5);
        Text(content[1], "data").Should().Be(Bytes);
        if (revision.HasAudioContent)
            Text(content[2], "data").Should().Be(Bytes);
        if (revision.HasResourceLinks)
            Text(content[3], "uri").Should().Be(FeatureServer.Text);
        Text(content[4].GetProperty("resource"), "text").Should().Be("embedded");
        Text(content[5].GetProperty("resource"), "blob").Should().Be(Bytes);
    }

    [Test]
    public void Structured_content_arrives_where_the_revision_has_it()
    {
        var result = Result("structured");

        result.TryGetProperty("structuredContent", out var structured).Should().Be(revision.StructuredContent != StructuredContent.None);
        if (revision.StructuredContent != StructuredContent.None)
            structured.GetRawText().Should().Be("""{"city":"Oslo","degrees":21.5}""");
        else
            TextOf("structured").Should().Be("""{"city":"Oslo","degrees":21.5}""");
    }

    [Test]
    public void Failures_of_tools_are_results_and_all_others_are_errors()
    {
        Result("failing").GetProperty("isError").GetBoolean().Should().BeTrue();
        TextOf("failing").Should().Be("This tool always fails.");
        Result("invalid").GetProperty("isError").GetBoolean().Should().BeTrue();
        TextOf("invalid").Should().Contain("city");
        CodeOf("missing").Should().Be(revision.ResourceNotFoundCode);
        CodeOf("promptWithoutArguments").Should().Be(ErrorCode.InvalidParams);
    }

    [Test]
    public void Progress_leaves_in_order_before_the_result()
    {
        var received = Received("progress", "notifications/progress");

        received.Select(news => news.GetProperty("params").GetProperty("progress").GetInt32()).Should().Equal(1, 2, 3);
        TextOf("progress").Should().Be("counted");
    }

    [Test]
    public void Log_messages_of_the_level_arrive()
    {
        var log = Received("log", "notifications/message").Should().ContainSingle().Subject.GetProperty("params");

        (Text(log, "level"), Text(log, "data"), Text(log, "logger")).Should().Be(("error", "great", "features"));
    }

    [Test]
    public void A_call_that_the_client_aborts_is_cancelled() => TextOf("cancelled").Should().Be("cancelled");

    [Test]
    public void Resources_are_read()
    {
        Text(Contents("text"), "text").Should().Be("Hello");
        Text(Contents("bytes"), "blob").Should().Be(Bytes);
        Text(Contents("bytes"), "mimeType").Should().Be("application/octet-stream");
        Text(Contents("templated"), "text").Should().Be("Moby Dick on upper");
    }

    [Test]
    public void Prompts_are_filled_in()
    {
        Text(Messages("prompt")[0].GetProperty("content"), "text").Should().Be("short: Ada");
        Messages("promptKinds").Select(message => Text(message.GetProperty("content"), "type")).Should().Equal("text", "image", "resource");
    }

    [Test]
    public void Arguments_are_completed()
    {
        Completed("completion").Should().Equal("short", "shy");
        Completed("completionInContext").Should().Equal("anonymous");
        Completed("completionOfTemplate").Should().Equal("upper");
    }

    [Test]
    public void A_form_is_filled_in_where_the_revision_has_forms()
    {
        if (!revision.HasElicitation)
        {
            NothingIsAsked("form");
            return;
        }

        if (!revision.HasChoicesInForms)
        {
            // Fields in which several things are chosen are newer: our server says so instead of asking.
            Result("form").GetProperty("isError").GetBoolean().Should().BeTrue();
            return;
        }

        TextOf("form").Should().Be(
            """{"name":"Ada","email":"ada@example.com","site":"https://example.com/ada","day":"2026-07-28","time":"2026-07-28T12:00:00Z","greeting":"Hello","count":4,"share":0.5,"sure":true,"size":"S","colour":"r","pet":"dog","days":["Mo"],"fish":["t"]}""");
        TextOf("declined").Should().Be("null");
    }

    [Test]
    public void The_user_is_sent_to_a_page_where_the_revision_has_that()
    {
        if (!revision.HasUrlElicitation)
        {
            NothingIsAsked("page");
            return;
        }

        TextOf("page").Should().Be("Accept");
        Text(Asked("page").Single().GetProperty("params"), "url").Should().Be("https://example.com/login");
    }

    [Test]
    public void The_model_and_the_folders_of_the_client_are_asked_for()
    {
        TextOf("sample").Should().Be("sampled by the peer (peer)");
        TextOf("roots").Should().Be("file:///peer");
    }

    [Test]
    public void Several_questions_follow_each_other_in_one_call()
    {
        if (!revision.HasElicitation)
        {
            NothingIsAsked("several");
            return;
        }

        TextOf("several").Should().Be("Ada, sampled by the peer, Ada");
        Asked("several").Select(question => Text(question, "method")).Should().Equal("elicitation/create", "sampling/createMessage", "elicitation/create");
    }

    [Test]
    public void An_update_of_a_subscribed_resource_is_told()
    {
        var result = Result("updated");

        Text(result.GetProperty("news").GetProperty("params"), "uri").Should().Be(FeatureServer.Text);
        if (IsModern)
            result.GetProperty("honored").GetRawText().Should().Be("""{"resourceSubscriptions":["note://text"]}""");
    }

    [Test]
    public void Lists_that_change_while_the_server_runs_are_told_and_read_again()
    {
        var result = Result("changed");

        result.GetProperty("tools").EnumerateArray().Select(name => name.GetString()).Should().Contain("grown");
        Text(result.GetProperty("called").GetProperty("content")[0], "text").Should().Be("grown");
    }

    private JsonElement Result(string feature)
    {
        var entry = tour.GetProperty(feature);
        entry.TryGetProperty("result", out var result).Should().BeTrue(entry.GetRawText());
        return result;
    }

    private string? TextOf(string feature) => Text(Result(feature).GetProperty("content")[0], "text");

    // As it came: version 2 makes codes of its own of some.
    private int CodeOf(string feature) =>
        tour.GetProperty(feature).GetProperty("received").EnumerateArray().Last().GetProperty("error").GetProperty("code").GetInt32();

    private JsonElement Contents(string feature) => Result(feature).GetProperty("contents").EnumerateArray().Should().ContainSingle().Subject;

    private JsonElement[] Messages(string feature) => [.. Result(feature).GetProperty("messages").EnumerateArray()];

    private IEnumerable<string?> Completed(string feature) =>
        Result(feature).GetProperty("completion").GetProperty("values").EnumerateArray().Select(value => value.GetString());

    private JsonElement[] Asked(string feature) => [.. tour.GetProperty(feature).GetProperty("asked").EnumerateArray()];

    // As they came: the SDK drops progress that arrives in one piece with its result.
    private JsonElement[] Received(string feature, string method) =>
        [.. tour.GetProperty(feature).GetProperty("received").EnumerateArray().Where(message => message.TryGetProperty("method", out var named) && named.ValueEquals(method))];

    private void NothingIsAsked(string feature)
    {
        Asked(feature).Should().BeEmpty("the revision has no words for it");
        (tour.GetProperty(feature).TryGetProperty("error", out _) || Result(feature).GetProperty("isError").GetBoolean()).Should().BeTrue();
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
