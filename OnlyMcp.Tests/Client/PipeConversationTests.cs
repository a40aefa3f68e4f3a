using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Client.Eras;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

public sealed class PipeConversationTests
{
    private const string Discovered = """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}},"instructions":"be kind"}""";
    private const string Done = """{"resultType":"complete","content":[{"type":"text","text":"done"}]}""";

    [Test]
    [Spec("2026-07-28 basic §_meta", 5)]
    public async Task A_modern_server_is_asked_with_metadata_on_every_request()
    {
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport, new McpClientOptions { ClientInfo = new Implementation { Name = "me", Version = "9" } });
        var probe = await pipe.NextAsync("server/discover");
        await pipe.ResultAsync(probe, Discovered);
        await using var client = await connecting;

        (client.Era, client.ProtocolVersion, client.Instructions, client.ServerInfo!.Name).Should().Be((Era.Modern, "2026-07-28", "be kind", "s"));
        var calling = client.CallToolAsync("t", new { city = "Oslo" });
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, Done);
        (await calling).Text.Should().Be("done");

        foreach (var meta in new[] { probe, call }.Select(message => message.GetProperty("params").GetProperty("_meta")))
        {
            meta.GetProperty("io.modelcontextprotocol/protocolVersion").GetString().Should().Be("2026-07-28");
            meta.GetProperty("io.modelcontextprotocol/clientInfo").GetProperty("name").GetString().Should().Be("me");
            meta.GetProperty("io.modelcontextprotocol/clientCapabilities").GetRawText().Should().Be("{}");
        }

        call.GetProperty("params").GetProperty("arguments").GetRawText().Should().Be("""{"city":"Oslo"}""");
    }

    [TestCase(-32601)]
    [TestCase(-32602)]
    [TestCase(-32002)]
    [TestCase(17)]
    [Spec("2026-07-28 basic/transports/stdio §Backward Compatibility", 1)]
    public async Task A_server_that_refuses_the_probe_is_initialized(int code)
    {
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport);
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), code);
        await using var client = await InitializedAsync(pipe, connecting, "2025-06-18");

        (client.Era, client.ProtocolVersion).Should().Be((Era.Legacy, "2025-06-18"));
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Backward Compatibility", 1)]
    public async Task A_server_that_is_silent_is_initialized_after_a_while_and_its_late_answer_is_ignored()
    {
        var time = new ManualTime();
        var faults = new List<ProtocolFaultException>();
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport, new McpClientOptions { TimeProvider = time, OnProtocolFault = faults.Add });
        var probe = await pipe.NextAsync("server/discover");
        time.Advance(TimeSpan.FromSeconds(11));
        var greeting = await pipe.NextAsync("initialize");
        await pipe.ResultAsync(probe, Discovered);
        await pipe.ResultAsync(greeting, """{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"old","version":"1"}}""");
        await pipe.NextAsync("notifications/initialized");
        await using var client = await connecting;

        client.ServerInfo!.Name.Should().Be("old");
        faults.Should().BeEmpty();
    }

    [TestCase("2024-11-05")]
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/utilities/ping §Behavior Requirements", 1)]
    public async Task A_legacy_server_may_ping_and_nothing_else(string version)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await LegacyAsync(pipe, version: version);

        await pipe.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        (await pipe.NextAsync()).GetRawText().Should().Be("""{"jsonrpc":"2.0","id":1,"result":{}}""");
        await pipe.SendAsync("""{"jsonrpc":"2.0","id":"x","method":"sampling/createMessage","params":{}}""");
        (await pipe.NextAsync()).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32601);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Receiving Messages")]
    [Spec("2026-07-28 basic/transports/stdio §Sending Messages", 1)]
    public async Task A_request_of_a_modern_server_is_a_fault_and_gets_no_answer()
    {
        var faults = new List<ProtocolFaultException>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions { OnProtocolFault = faults.Add });

        await pipe.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Done);
        await calling;

        faults.Should().ContainSingle().Which.OffendingText.Should().Contain("ping");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow")]
    public async Task Progress_and_log_come_in_order_and_before_the_answer()
    {
        var seen = new List<string>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions { OnLog = line => seen.Add("log " + line.Data.GetString()) });

        var calling = client.CallToolAsync("t", options: new RequestOptions { OnProgress = news => seen.Add($"progress {news.Progress}") });
        var call = await pipe.NextAsync("tools/call");
        var token = call.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText();
        for (var i = 1; i <= 50; i++)
        {
            await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":{{{i}}}}}""");
            await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"{{{i}}}"}}""");
        }

        await pipe.ResultAsync(call, Done);
        await calling;

        seen.Should().Equal(Enumerable.Range(1, 50).SelectMany(i => new[] { $"progress {i}", $"log {i}" }));
    }

    [Test]
    public async Task A_handler_of_a_notification_may_ask_the_server()
    {
        McpClient? client = null;
        var listed = new TaskCompletionSource<int>();
        await using var pipe = new ScriptedPipe();
        client = await ModernAsync(pipe, new McpClientOptions { OnNotification = async _ => listed.SetResult(await client!.ListToolsAsync().CountAsync()) });

        await pipe.SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        var ask = await pipe.NextAsync("tools/list");
        await pipe.SendAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}""");
        await pipe.ResultAsync(ask, """{"tools":[]}""");

        (await listed.Task.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be(0);
        await client.DisposeAsync();
    }

    [TestCase("2026-07-28")]
    [TestCase("2025-11-25")]
    [TestCase("2025-06-18")]
    [TestCase("2025-03-26")]
    [TestCase("2024-11-05")]
    [Spec("2025-11-25 basic/utilities/cancellation §Behavior Requirements", 1)]
    [Spec("2026-07-28 basic/transports/stdio §Cancellation", 1)]
    [Spec("2026-07-28 basic/patterns/cancellation §Transport-Specific Cancellation", 2)]
    [Spec("2026-07-28 basic/patterns/cancellation §Behavior Requirements", 1, 2)]
    [Spec("2026-07-28 basic/patterns/cancellation §Timing Considerations", 1)]
    public async Task Cancelling_a_call_tells_the_server_and_its_late_answer_is_ignored(string version)
    {
        var faults = new List<ProtocolFaultException>();
        await using var pipe = new ScriptedPipe();
        await using var client = await AtAsync(pipe, version, new McpClientOptions { OnProtocolFault = faults.Add });
        using var cancel = new CancellationTokenSource();

        var calling = client.CallToolAsync("slow", cancellationToken: cancel.Token);
        var call = await pipe.NextAsync("tools/call");
        await cancel.CancelAsync();
        await calling.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        var news = await pipe.NextAsync("notifications/cancelled");
        news.GetProperty("params").GetProperty("requestId").GetRawText().Should().Be(call.GetProperty("id").GetRawText());
        await pipe.ResultAsync(call, Done);

        var next = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Done);
        (await next).Text.Should().Be("done");
        faults.Should().BeEmpty();
    }

    [TestCase("2024-11-05")]
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/utilities/cancellation §Behavior Requirements", 3)]
    public async Task Initialize_is_never_cancelled(string version)
    {
        await using var pipe = new ScriptedPipe();
        using var cancel = new CancellationTokenSource();
        var connecting = McpClient.ConnectAsync(pipe.Transport, new McpClientOptions { Revision = KnownRevisions.Find(version) }, cancel.Token);
        await pipe.NextAsync("initialize");
        await cancel.CancelAsync();

        await connecting.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await pipe.Awaiting(end => end.NextAsync()).Should().ThrowAsync<EndOfStreamException>("nothing more is sent");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/cancellation §Timeouts")]
    public async Task Progress_keeps_a_call_alive_up_to_the_total()
    {
        var time = new ManualTime();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions { TimeProvider = time });
        var reported = new SemaphoreSlim(0);
        var options = new RequestOptions
        {
            OnProgress = _ => reported.Release(),
            Timeouts = new RequestTimeouts { Timeout = TimeSpan.FromSeconds(10), ResetOnProgress = true, Total = TimeSpan.FromSeconds(25) },
        };

        var calling = client.CallToolAsync("slow", options: options);
        var call = await pipe.NextAsync("tools/call");
        foreach (var progress in new[] { 1, 2 })
        {
            time.Advance(TimeSpan.FromSeconds(9));
            await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{call.GetProperty("id")}}},"progress":{{{progress}}}}}""");
            (await reported.WaitAsync(TimeSpan.FromSeconds(10))).Should().BeTrue();
        }

        calling.IsCompleted.Should().BeFalse("18 s have passed, and every 9 something came");
        time.Advance(TimeSpan.FromSeconds(8));
        (await calling.Awaiting(task => task).Should().ThrowAsync<RequestTimedOutException>()).WithMessage("*25 s*");
        (await pipe.NextAsync("notifications/cancelled")).GetProperty("params").GetProperty("reason").GetString().Should().Contain("timed out");
    }

    [Test]
    public async Task What_is_no_message_is_reported_and_the_next_answer_still_arrives()
    {
        var faults = new List<string>();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions { OnProtocolFault = fault => faults.Add(fault.OffendingText) });
        string[] nonsense =
        [
            "Listening on port 3000\u001b[0m", "{}", "[]", "7", """{"jsonrpc":"2.0","id":99,"result":{}}""", """{"jsonrpc":"2.0","id":"1","result":{}}""",
            """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":"x"}}""", """{"jsonrpc":"2.0","error":{"code":-32700,"message":"what?"}}""",
            new string('[', 1000),
        ];

        foreach (var line in nonsense)
            await pipe.SendAsync(line);
        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Done);

        (await calling).Text.Should().Be("done");
        faults.Should().HaveCount(nonsense.Length);
        faults[0].Should().NotContain("\u001b");
    }

    [Test]
    public async Task A_broken_response_fails_its_request_at_once()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        var call = await pipe.NextAsync("tools/call");
        await pipe.SendAsync($$"""{"jsonrpc":"2.0","id":{{call.GetProperty("id")}},"result":[]}""");

        await calling.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>();
    }

    [TestCase("""{"resultType":"mystery","content":[]}""", typeof(ProtocolFaultException))]
    [TestCase("""{"resultType":7,"content":[]}""", typeof(ProtocolFaultException))]
    [TestCase("""{"resultType":"input_required","inputRequests":{}}""", typeof(ProtocolFaultException))]
    [TestCase("""{"resultType":"input_required","inputRequests":{"k":{"method":"roots/list"}}}""", typeof(InputRequiredException))]
    [TestCase("""{"resultType":"complete"}""", typeof(ProtocolFaultException))]
    [TestCase("""{"content":[{"type":"hologram"}]}""", typeof(ProtocolFaultException))]
    [Spec("2026-07-28 basic §ResultType", 2)]
    public async Task A_result_that_cannot_be_read_is_a_clear_exception(string result, Type exception)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), result);

        (await calling.Awaiting(task => task).Should().ThrowAsync<Exception>()).Which.Should().BeOfType(exception);
    }

    [Test]
    [Spec("2026-07-28 basic §ResultType", 3)]
    public async Task A_result_without_a_type_is_complete()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), """{"content":[{"type":"text","text":"a"},{"type":"image","data":"","mimeType":"image/png"},{"type":"text","text":"b"}]}""");

        (await calling).Text.Should().Be("a\nb");
    }

    [Test]
    public async Task The_end_of_the_pipe_fails_what_is_under_way_and_what_comes_after()
    {
        var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);
        var calling = client.CallToolAsync("t");
        await pipe.NextAsync("tools/call");
        await pipe.DisposeAsync();

        await calling.Awaiting(task => task).Should().ThrowAsync<TransportClosedException>();
        await client.Awaiting(it => it.CallToolAsync("t")).Should().ThrowAsync<TransportClosedException>();
    }

    [Test]
    public async Task A_version_error_at_first_is_answered_with_a_version_that_both_know()
    {
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport);
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), -32022, """{"supported":["2026-07-28"],"requested":"2026-07-28"}""");
        await pipe.ResultAsync(await pipe.NextAsync("server/discover"), Discovered);

        await using var client = await connecting;
        client.Era.Should().Be(Era.Modern);
    }

    [Test]
    public async Task A_log_level_is_set_for_the_session_or_for_each_request()
    {
        await using var pipe = new ScriptedPipe();
        var options = new McpClientOptions { LogLevel = LoggingLevel.Warning };
        await using var modern = await ModernAsync(pipe, options);
        var calling = modern.CallToolAsync("t", options: new RequestOptions { LogLevel = LoggingLevel.Debug });
        var call = await pipe.NextAsync("tools/call");
        call.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/logLevel").GetString().Should().Be("debug");
        await pipe.ResultAsync(call, Done);
        await calling;

        await using var other = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(other.Transport, options);
        await other.ErrorAsync(await other.NextAsync("server/discover"), -32601);
        await other.ResultAsync(await other.NextAsync("initialize"), """{"protocolVersion":"2025-11-25","capabilities":{"logging":{}},"serverInfo":{"name":"old","version":"1"}}""");
        await other.NextAsync("notifications/initialized");
        var setting = await other.NextAsync("logging/setLevel");
        await other.ResultAsync(setting, "{}");
        await using var legacy = await connecting;
        setting.GetProperty("params").GetProperty("level").GetString().Should().Be("warning");
    }

    [Test]
    [Spec("2025-11-25 server/utilities/logging §Setting Log Level")]
    public async Task A_server_that_refuses_the_log_level_is_spoken_to_all_the_same()
    {
        var faults = new List<ProtocolFaultException>();
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport, new McpClientOptions { LogLevel = LoggingLevel.Debug, OnProtocolFault = faults.Add });
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), -32601);
        await pipe.ResultAsync(await pipe.NextAsync("initialize"), """{"protocolVersion":"2025-11-25","capabilities":{"logging":{}},"serverInfo":{"name":"old","version":"1"}}""");
        await pipe.NextAsync("notifications/initialized");
        await pipe.ErrorAsync(await pipe.NextAsync("logging/setLevel"), -32602);

        await using var client = await connecting;

        faults.Should().ContainSingle().Which.Message.Should().Contain("refuses the level");
    }

    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task What_is_asked_after_the_server_has_gone_fails_at_once(string version)
    {
        await using var pipe = new ScriptedPipe();
        var transport = new HalfOpenTransport(pipe.Transport);
        var connecting = McpClient.ConnectAsync(transport, new McpClientOptions { Revision = KnownRevisions.Find(version) });
        await pipe.ResultAsync(
            await pipe.NextAsync(),
            version == "2026-07-28" ? Discovered : """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"old","version":"1"}}""");
        await using var client = await connecting;

        transport.Lose();

        var calling = client.CallToolAsync("t").WaitAsync(TimeSpan.FromSeconds(10));
        (await calling.Awaiting(it => it).Should().ThrowAsync<TransportClosedException>()).WithMessage("gone");
    }

    /// <summary>Takes what is sent even when nothing will come any more.</summary>
    private sealed class HalfOpenTransport(IClientTransport inner) : IClientTransport
    {
        private IMessageReceiver? receiver;

        public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
        {
            this.receiver = receiver;
            return inner.StartAsync(receiver, cancellationToken);
        }

        public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken) => inner.SendAsync(message, cancellationToken);

        public void Lose() => receiver!.Closed(new TransportClosedException("gone"));

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    internal static async Task<McpClient> ModernAsync(ScriptedPipe pipe, McpClientOptions? options = null)
    {
        var connecting = McpClient.ConnectAsync(pipe.Transport, options);
        await pipe.ResultAsync(await pipe.NextAsync("server/discover"), Discovered);
        return await connecting;
    }

    internal static Task<McpClient> AtAsync(ScriptedPipe pipe, string version, McpClientOptions? options = null) =>
        KnownRevisions.Find(version)!.Era == Era.Modern ? ModernAsync(pipe, options) : LegacyAsync(pipe, options, version);

    internal static async Task<McpClient> LegacyAsync(ScriptedPipe pipe, McpClientOptions? options = null, string version = "2025-11-25")
    {
        var connecting = McpClient.ConnectAsync(pipe.Transport, options);
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), -32601);
        return await InitializedAsync(pipe, connecting, version);
    }

    private static async Task<McpClient> InitializedAsync(ScriptedPipe pipe, Task<McpClient> connecting, string version)
    {
        var greeting = await pipe.NextAsync("initialize");
        greeting.GetProperty("params").GetProperty("protocolVersion").GetString().Should().Be("2025-11-25");
        greeting.GetProperty("params").TryGetProperty("_meta", out _).Should().BeFalse("a legacy server has no use for it");
        await pipe.ResultAsync(greeting, $$$"""{"protocolVersion":"{{{version}}}","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"old","version":"1"}}""");
        await pipe.NextAsync("notifications/initialized");
        return await connecting;
    }
}
