using OnlyMcp.Client;
using OnlyMcp.Client.Eras;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>A client's tap shows its messages over every transport, and changes nothing else.</summary>
public sealed class ClientWireTapTests
{
    private StringWriter shown = null!;

    private static IEnumerable<TestCaseData> Ways => Way.All.Select(way => new TestCaseData(way).SetArgDisplayNames(way.ToString()));

    [SetUp]
    public void Open() => shown = new StringWriter { NewLine = "\n" };

    [TearDown]
    public void Dispose() => shown.Dispose();

    [TestCaseSource(nameof(Ways))]
    public async Task It_shows_the_opening_and_a_call_in_both_directions(Way way)
    {
        var server = new McpServer("echoes", "1.0.0");
        server.AddTool("echo", "Says it again", (string text) => $"again: {text}");

        await using (var connected = await way.ConnectAsync(server, new McpClientOptions { WireTap = new WireTap(shown) }))
            await connected.Client.CallToolAsync("echo", new { text = "here" });

        var opening = way.Revision.Era == Era.Modern ? "server/discover" : "initialize";
        HeadingsWith(opening + " ").Should().HaveCount(2);
        HeadingsWith("tools/call").Should().Equal(
            "--> tools/call (server/tools §Calling Tools)", "<-- result of tools/call (server/tools §Calling Tools)");
        shown.ToString().Should().ContainAll("\"text\": \"here\"", "\"text\": \"again: here\"");
    }

    [Test]
    public async Task A_search_is_shown_step_by_step_and_the_session_is_kept_and_ended_as_without_a_tap()
    {
        const string News = """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";
        var heard = new TaskCompletionSource();
        await using var server = new ScriptedHttpServer(call => (call.Verb, call.RpcMethod) switch
        {
            ("POST", "server/discover") => call.RespondAsync(
                404, "application/json", $$$"""{"jsonrpc":"2.0","id":{{{call.Id}}},"error":{"code":-32601,"message":"unknown"}}"""),
            ("POST", "initialize") => call.RespondAsync(
                200,
                "application/json",
                $$$$"""{"jsonrpc":"2.0","id":{{{{call.Id}}}},"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"old","version":"1"}}}""",
                "Mcp-Session-Id: s1\r\n"),
            ("GET", _) => call.RespondAsync(200, "text/event-stream", $"data: {News}\n\n"),
            ("DELETE", _) => call.RespondAsync(200),
            _ => call.RespondAsync(202),
        });
        var options = new McpClientOptions
        {
            WireTap = new WireTap(shown),
            EraVerdicts = new EraVerdicts(),
            OnNotification = _ =>
            {
                heard.TrySetResult();
                return ValueTask.CompletedTask;
            },
        };

        await using (await McpClient.ConnectAsync(server.Url, options))
            await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Headings().Select(heading => heading.Split(" (")[0]).Take(6).Should().Equal(
            "--> server/discover",
            "<-- error of server/discover",
            "--> initialize",
            "<-- result of initialize",
            "--> notifications/initialized",
            "<-- notifications/tools/list_changed");
        server.Calls.Last(call => call.Verb == "DELETE").Header("Mcp-Session-Id").Should().Be("s1");
    }

    private string[] HeadingsWith(string text) => [.. Headings().Where(heading => heading.Contains(text, StringComparison.Ordinal))];

    private IEnumerable<string> Headings() => shown.ToString().Split('\n').Where(line =>
        line.StartsWith("--> ", StringComparison.Ordinal) || line.StartsWith("<-- ", StringComparison.Ordinal));
}
