using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>Tools, with our client and our server, over each transport in each revision that is spoken over it.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class ToolsOverEveryWayTests(Way way)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    [Test]
    [Spec("2026-07-28 server/tools §Listing Tools")]
    [Spec("2026-07-28 server/tools §Capabilities", 2)]
    [Spec("2026-07-28 server/tools §Tool", 1)]
    public async Task Tools_are_listed_in_the_order_in_which_they_were_added()
    {
        var server = new McpServer("lists", "1.0.0");
        foreach (var name in new[] { "zebra", "ant", "mole" })
            server.AddTool(name, $"Is a {name}", () => name);

        await using var connected = await way.ConnectAsync(server);

        var tools = await connected.Client.ListToolsAsync().ToListAsync();
        tools.Select(tool => tool.Name).Should().Equal("zebra", "ant", "mole");
        tools.Should().OnlyContain(tool => tool.InputSchema.GetProperty("type").GetString() == "object");
        connected.Client.ProtocolVersion.Should().Be(way.Revision.Version);
    }

    [Test]
    [Spec("2026-07-28 server/tools §Capabilities", 1, 2, 3)]
    [Spec("2026-07-28 server/prompts §Capabilities", 1, 2, 3)]
    [Spec("2026-07-28 server/resources §Capabilities", 1, 2, 3)]
    public async Task The_lists_are_the_same_on_each_connection_whatever_was_asked_before()
    {
        var server = new McpServer("lists", "1.0.0");
        foreach (var name in new[] { "a", "b" })
        {
            server.AddTool(name, $"Is {name}", () => name);
            server.AddPrompt(name, $"Is {name}", () => name);
            server.AddResource($"note://{name}", name, name);
        }

        await using var first = await way.ConnectAsync(server);
        await using var second = await way.ConnectAsync(server);

        var before = await NamesAsync(first.Client);
        await second.Client.CallToolAsync("a");
        await first.Client.SendRequestAsync("resources/read", new JsonBody("""{"uri":"note://b"}"""u8.ToArray()));

        before.Should().Equal("a", "b", "a", "b", "a", "b");
        (await NamesAsync(second.Client)).Should().Equal(before);
        (await NamesAsync(first.Client)).Should().Equal(before);
        var offered = first.Client.ServerCapabilities;
        new object?[] { offered.Tools, offered.Prompts, offered.Resources }.Should().NotContainNulls();

        static async Task<string[]> NamesAsync(McpClient client) =>
        [
            .. await client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync(),
            .. (await client.ListPromptsPageAsync()).Prompts.Select(prompt => prompt.Name),
            .. (await client.ListResourcesPageAsync()).Resources.Select(resource => resource.Name),
        ];
    }

    [Test]
    [Spec("2026-07-28 server/tools §Calling Tools")]
    public async Task A_call_reaches_the_tool_and_its_text_comes_back()
    {
        var server = new McpServer("weather", "1.0.0", new McpServerOptions { Instructions = "Ask about cities." });
        server.AddTool("forecast", "Forecast for a city", (string city, int days = 3) => $"{city}: {days} days of sun");

        await using var connected = await way.ConnectAsync(server);

        (await connected.Client.CallToolAsync("forecast", new { city = "Øster Høst 雨" })).Text.Should().Be("Øster Høst 雨: 3 days of sun");
        connected.Client.Instructions.Should().Be("Ask about cities.");
        connected.Client.ServerInfo!.Name.Should().Be("weather");
    }

    [Test]
    [Spec("2026-07-28 server/tools §Structured Content")]
    public async Task A_record_comes_back_as_a_record()
    {
        var server = new McpServer("weather", "1.0.0");
        server.AddTool("forecast", "Forecast for a city", (string city) => new Forecast(city, 21.5));

        await using var connected = await way.ConnectAsync(server);

        (await connected.Client.CallToolAsync<Forecast>("forecast", new { city = "Oslo" })).Should().Be(new Forecast("Oslo", 21.5));
    }

    [Test]
    [Spec("2026-07-28 server/tools §Error Handling")]
    public async Task Calling_an_unknown_tool_is_a_protocol_error()
    {
        await using var connected = await way.ConnectAsync(new McpServer("empty", "1.0.0"));

        var calling = () => connected.Client.CallToolAsync("nope");

        (await calling.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InvalidParams);
    }

    [Test]
    [Spec("2026-07-28 server/tools §Error Handling")]
    [Spec("2026-07-28 server/tools §Security Considerations", 1)]
    public async Task Arguments_that_break_the_schema_are_a_tool_execution_error_that_says_what_to_mend()
    {
        var called = false;
        var server = new McpServer("weather", "1.0.0");
        server.AddTool("forecast", "Forecast for a city", (string city, int days) => called = true);
        server.AddTool(
            new Tool { Name = "given", InputSchema = JsonElement.Parse("""{"type":"object","properties":{"days":{"type":"integer"}}}""") },
            (_, _, _) => throw new InvalidOperationException("It was called."));

        await using var connected = await way.ConnectAsync(server);
        foreach (var tool in new[] { "forecast", "given" })
        {
            var answer = await connected.Client.CallToolAsync(tool, new { city = "Oslo", days = "three" });
            answer.IsError.Should().BeTrue();
            answer.Text.Should().Contain("/days").And.Contain("integer").And.Contain("\"three\"");
        }

        called.Should().BeFalse();
    }

    [Test]
    [Spec("2026-07-28 server/tools §Error Handling")]
    [Spec("2026-07-28 server/tools §Security Considerations", 4)]
    public async Task What_a_tool_throws_stays_on_the_server_unless_it_opted_in()
    {
        var server = new McpServer("failing", "1.0.0");
        server.AddTool("fail", "Fails", string () => throw new InvalidOperationException("the password is 1234"));
        server.AddTool("say", "Fails and says why", string () => throw new ToolErrorException("The city is closed."));

        await using var connected = await way.ConnectAsync(server);

        var silent = await connected.Client.CallToolAsync("fail");
        silent.IsError.Should().BeTrue();
        silent.Text.Should().NotContain("1234");
        (await connected.Client.CallToolAsync("say")).Text.Should().Be("The city is closed.");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow", 3)]
    [Spec("2026-07-28 basic/transports §Messages", 2)]
    public async Task Progress_arrives_in_order_and_before_the_answer()
    {
        var server = new McpServer("counter", "1.0.0");
        server.AddTool("count", "Counts", (int to, IProgress<ProgressValue> progress) =>
        {
            for (var i = 1; i <= to; i++)
                progress.Report(new ProgressValue(i, to, $"at {i}"));
            return "done";
        });

        await using var connected = await way.ConnectAsync(server);
        var heard = new ConcurrentQueue<double>();
        await connected.Client.CallToolAsync("count", new { to = 50 }, new RequestOptions { OnProgress = news => heard.Enqueue(news.Progress) });

        heard.Should().Equal(Enumerable.Range(1, 50).Select(i => (double)i));
    }

    [Test]
    [Spec("2026-07-28 server/utilities/logging §Per-request log level")]
    public async Task Log_messages_of_the_wanted_level_arrive()
    {
        var server = new McpServer("logging", "1.0.0");
        server.AddTool("log", "Logs", async (RequestContext context) =>
        {
            await context.LogAsync(LoggingLevel.Debug, "small");
            await context.LogAsync(LoggingLevel.Error, "great");
            return "logged";
        });

        var heard = new ConcurrentQueue<string>();
        var options = new McpClientOptions { LogLevel = LoggingLevel.Warning, OnLog = message => heard.Enqueue(message.Data.GetString()!) };
        await using var connected = await way.ConnectAsync(server, options);
        await connected.Client.CallToolAsync("log");

        heard.Should().Equal("great");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/cancellation §Transport-Specific Cancellation", 1, 2)]
    public async Task A_cancelled_call_is_cancelled_in_the_tool()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var server = new McpServer("waiting", "1.0.0");
        server.AddTool("wait", "Waits for ever", async (CancellationToken cancellation) =>
        {
            started.SetResult();
            await using var noted = cancellation.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.Infinite, cancellation);
        });

        await using var connected = await way.ConnectAsync(server, http: new() { SilentResponseDelay = TimeSpan.FromMilliseconds(50), KeepAliveInterval = TimeSpan.FromMilliseconds(50) });
        using var cancellation = new CancellationTokenSource();
        var calling = connected.Client.CallToolAsync("wait", cancellationToken: cancellation.Token);
        await started.Task.WaitAsync(Patience);
        await cancellation.CancelAsync();

        await FluentActions.Awaiting(() => calling).Should().ThrowAsync<OperationCanceledException>();
        await cancelled.Task.WaitAsync(Patience);
    }

    [Test]
    public async Task Many_calls_at_once_each_get_their_own_answer()
    {
        var server = new McpServer("echo", "1.0.0");
        server.AddTool("echo", "Echoes", async (int n) =>
        {
            await Task.Yield();
            return n;
        });

        await using var connected = await way.ConnectAsync(server);
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => connected.Client.CallToolAsync("echo", new { n })));

        answers.Select(answer => answer.Text).Should().Equal(Enumerable.Range(0, 60).Select(n => $"{n}"));
    }

    [Test]
    public async Task A_tool_that_blocks_stalls_nobody()
    {
        using var release = new ManualResetEventSlim();
        var server = new McpServer("blocking", "1.0.0");
        server.AddTool("block", "Blocks", () => release.Wait(Patience));
        server.AddTool("echo", "Echoes", (string text) => text);

        await using var connected = await way.ConnectAsync(server);
        var blocked = connected.Client.CallToolAsync("block");
        (await connected.Client.CallToolAsync("echo", new { text = "still here" }).WaitAsync(Patience)).Text.Should().Be("still here");
        release.Set();
        (await blocked).Text.Should().Be("true");
    }

    [Test]
    [Spec("2026-07-28 basic §Statelessness", 1)]
    public async Task What_a_handler_keeps_for_a_session_lasts_as_long_as_the_session()
    {
        var server = new McpServer("counting", "1.0.0");
        server.AddTool("next", "Counts calls", (RequestContext context) => context.SessionItems.AddOrUpdate("n", 1, (_, n) => (int)n! + 1));

        await using var connected = await way.ConnectAsync(server);
        await connected.Client.CallToolAsync("next");
        var second = await connected.Client.CallToolAsync("next");

        second.Text.Should().Be(way.Revision.Era == Era.Legacy ? "2" : "1", "a modern request stands alone");
    }

    private sealed record Forecast(string City, double Degrees);
}
