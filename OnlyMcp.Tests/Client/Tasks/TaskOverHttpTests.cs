using System.Collections.Concurrent;
using OnlyMcp.Client;
using OnlyMcp.Client.Http;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Client.Tasks.TaskScript;

namespace OnlyMcp.Tests.Client.Tasks;

/// <summary>What tasks need of HTTP: their headers, and connections that break.</summary>
public sealed class TaskOverHttpTests
{
    private static readonly string Completed = Got("completed", $""","result":{Done}""");

    [Test]
    [Spec("ext-tasks tasks §Streamable HTTP: Routing Headers", 1)]
    public async Task The_id_of_the_task_stands_in_a_header_of_whatever_is_asked_about_it()
    {
        var looks = 0;
        await using var server = Modern(call => call.RpcMethod switch
        {
            "tools/call" => call.ResultAsync(Created("input_required", id: "zäh le")),
            "tasks/get" when ++looks < 3 => call.ResultAsync(Got("input_required", ""","inputRequests":{"k":{"method":"roots/list"}}""", "zäh le")),
            "tasks/get" => call.ResultAsync(Got("completed", $""","result":{Done}""", "zäh le")),
            _ => call.ResultAsync("""{"resultType":"complete"}"""),
        });
        await using var client = await HttpProbeTests.ConnectAsync(server, Quick with { Roots = [] });

        var task = await client.StartToolAsync("t");
        (await task.WaitAsync()).Text.Should().Be("done");
        await client.ResumeTask(task.Handle!).CancelAsync();

        var about = server.Calls.Where(call => call.RpcMethod!.StartsWith("tasks/", StringComparison.Ordinal)).ToArray();
        about.Select(call => call.RpcMethod).Should().Contain(["tasks/get", "tasks/update", "tasks/cancel"]);
        about.Should().OnlyContain(call => call.Header("Mcp-Name") == "=?base64?esOkaCBsZQ==?=" && call.Header("Mcp-Method") == call.RpcMethod);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task A_connection_that_breaks_does_not_end_the_wait_for_the_task()
    {
        var looks = 0;
        await using var server = Modern(call => (call.RpcMethod, call.RpcMethod == "tasks/get" ? ++looks : 0) switch
        {
            ("tools/call", _) => call.ResultAsync(Created()),
            (_, 1) => call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{\"jsonrpc\""),
            (_, 2) => Task.CompletedTask,
            (_, 3) => call.RespondAsync(503),
            (_, 4) => CutShortAsync(call),
            _ => call.ResultAsync(Completed),
        });
        await using var client = await HttpProbeTests.ConnectAsync(server, Quick);

        (await client.CallToolAsync("t").WaitAsync(TimeSpan.FromSeconds(30))).Text.Should().Be("done");
        looks.Should().Be(5);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task A_server_that_stays_away_is_given_up_with_what_went_wrong()
    {
        await using var server = Modern(call => call.RpcMethod == "tools/call" ? call.ResultAsync(Created()) : call.RespondAsync(503));
        await using var client = await HttpProbeTests.ConnectAsync(server, Quick with { Tasks = Quick.Tasks with { GiveUpAfter = TimeSpan.Zero } });

        (await client.Awaiting(one => one.CallToolAsync("t")).Should().ThrowAsync<HttpStatusException>()).Which.Status.Should().Be(503);
        server.Methods.Count(method => method == "tasks/get").Should().Be(1);
    }

    [TestCase(401)]
    [TestCase(403)]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task Credentials_that_are_refused_are_told_at_once(int status)
    {
        await using var server = Modern(call => call.RpcMethod == "tools/call" ? call.ResultAsync(Created()) : call.RespondAsync(status));
        await using var client = await HttpProbeTests.ConnectAsync(server, Quick);

        (await client.Awaiting(one => one.CallToolAsync("t")).Should().ThrowAsync<HttpStatusException>()).Which.Status.Should().Be(status);
    }

    [TestCase("{\"jsonrpc\":\"2.0\"")]
    [TestCase("<html>")]
    [TestCase("""{"jsonrpc":"2.0","id":999,"result":{}}""")]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task Nonsense_is_a_fault_and_is_not_asked_for_again(string body)
    {
        await using var server = Modern(call => call.RpcMethod == "tools/call" ? call.ResultAsync(Created()) : call.JsonAsync(body));
        await using var client = await HttpProbeTests.ConnectAsync(server, Quick);

        await client.Awaiting(one => one.CallToolAsync("t")).Should().ThrowAsync<ProtocolFaultException>();
        server.Methods.Count(method => method == "tasks/get").Should().Be(1);
    }

    [TestCase(true)]
    [TestCase(false)]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task Retry_After_says_when_to_ask_again(bool hasBody)
    {
        var looks = 0;
        var time = new ManualTime();
        await using var server = Modern(call => (call.RpcMethod, call.RpcMethod == "tasks/get" ? ++looks : 0) switch
        {
            ("tools/call", _) => call.ResultAsync(Created("input_required")),
            (_, 1) when hasBody => call.JsonAsync($$$"""{"jsonrpc":"2.0","id":{{{call.Id}}},"error":{"code":-32000,"message":"slowly"}}""", 429, "Retry-After: 17\r\n"),
            (_, 1) => call.RespondAsync(429, headers: "Retry-After: 17\r\n"),
            _ => call.ResultAsync(Completed),
        });
        await using var client = await HttpProbeTests.ConnectAsync(server, new McpClientOptions { TimeProvider = time });

        var calling = client.CallToolAsync("t");
        await SessionTests.Eventually(() => time.HasTimerIn(TimeSpan.FromSeconds(17)));
        time.Advance(TimeSpan.FromSeconds(17));

        (await calling.WaitAsync(TimeSpan.FromSeconds(30))).Text.Should().Be("done");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Retrieving Task Results")]
    public async Task A_result_stream_that_breaks_leads_back_to_looking()
    {
        var waits = 0;
        await using var server = Legacy(call => (call.RpcMethod, call.RpcMethod == "tasks/result" ? ++waits : 0) switch
        {
            ("tools/list", _) => call.ResultAsync(Listed("required")),
            ("tools/call", _) => call.ResultAsync(OldCreated()),
            ("tasks/get", _) => call.ResultAsync(OldGot("input_required")),
            (_, 1) => CutShortAsync(call),
            (_, 2) => Task.CompletedTask,
            _ => call.ResultAsync(OldResult()),
        });
        await using var client = await HttpProbeTests.ConnectAsync(server, Quick);
        await client.ListToolsPageAsync();

        (await client.CallToolAsync("t").WaitAsync(TimeSpan.FromSeconds(30))).Text.Should().Be("done");
        server.Methods.Where(method => method.StartsWith("tasks/", StringComparison.Ordinal)).Should().Equal(
            "tasks/get", "tasks/result", "tasks/get", "tasks/result", "tasks/get", "tasks/result");
        server.Calls.Should().OnlyContain(call => call.Header("Mcp-Name") == null);
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Session Management")]
    public async Task A_session_that_was_forgotten_is_opened_anew_and_the_task_looked_for_there()
    {
        var looks = 0;
        await using var server = Legacy(call => (call.RpcMethod, call.RpcMethod == "tasks/get" ? ++looks : 0) switch
        {
            ("tools/list", _) => call.ResultAsync(Listed("required")),
            ("tools/call", _) => call.ResultAsync(OldCreated()),
            ("tasks/get", 1) => call.RespondAsync(404),
            ("tasks/get", _) => call.ResultAsync(OldGot("completed")),
            _ => call.ResultAsync(OldResult()),
        });
        await using var client = await HttpProbeTests.ConnectAsync(server, Quick);
        await client.ListToolsPageAsync();

        (await client.CallToolAsync("t").WaitAsync(TimeSpan.FromSeconds(30))).Text.Should().Be("done");
        server.Methods.Count(method => method == "initialize").Should().Be(2);
    }

    private static async Task CutShortAsync(HttpCall call)
    {
        await call.BeginEventsAsync();
        await call.SendAsync(": still there\n\n");
    }

    private static ScriptedHttpServer Modern(Func<HttpCall, Task> answer) =>
        new(call => call.RpcMethod == "server/discover" ? call.ResultAsync(Discovered()) : answer(call));

    private static ScriptedHttpServer Legacy(Func<HttpCall, Task> answer) => new(call => (call.Verb, call.RpcMethod) switch
    {
        ("GET", _) => call.RespondAsync(405),
        ("DELETE", _) => call.RespondAsync(200),
        (_, "server/discover") => call.ErrorAsync(-32601, 400),
        (_, "initialize") => call.ResultAsync(Initialized(), "Mcp-Session-Id: s1\r\n"),
        (_, "notifications/initialized") => call.RespondAsync(202),
        _ => answer(call),
    });
}
