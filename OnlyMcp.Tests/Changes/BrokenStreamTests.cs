using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Changes;

[Spec("2026-07-28 basic/patterns/subscriptions §Graceful Closure")]
[Spec("2026-07-28 basic/patterns/subscriptions §Cancellation")]
public sealed class BrokenStreamTests
{
    private const string Discovered = """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}}}""";

    private static readonly SubscriptionFilter Tools = new() { ToolsListChanged = true };
    private static readonly ListenOptions Fast = new() { RetryDelay = TimeSpan.FromMilliseconds(1), MaxRetryDelay = TimeSpan.FromMilliseconds(5) };

    [Test]
    public async Task A_stream_that_breaks_is_opened_again_and_whoever_listens_is_told_that_something_may_be_missed()
    {
        var listens = 0;
        await using var server = Scripted(async call =>
        {
            await call.BeginEventsAsync();
            await call.EventAsync(Acknowledged(call.Id));
            if (Interlocked.Increment(ref listens) == 1)
                return;

            await call.EventAsync(Changed(call.Id));
            await call.SilenceAsync();
        });
        await using var client = await McpClient.ConnectAsync(server.Url);
        await using var listener = await Listener.StartAsync(client, Tools, Fast);

        (await listener.NextAsync()).Should().BeOfType<ListeningStarted>();
        (await listener.NextAsync()).Should().Be(new ChangesMissed());
        (await listener.NextAsync()).Should().Be(new ToolsListChanged());
    }

    [Test]
    public async Task A_server_that_is_down_for_a_while_is_asked_again_until_the_time_is_up()
    {
        var listens = 0;
        await using var server = Scripted(async call =>
        {
            if (Interlocked.Increment(ref listens) > 1)
            {
                await call.RespondAsync(503);
                return;
            }

            await call.BeginEventsAsync();
            await call.EventAsync(Acknowledged(call.Id));
        });
        await using var client = await McpClient.ConnectAsync(server.Url);
        await using var listener = await Listener.StartAsync(client, Tools, Fast with { GiveUpAfter = TimeSpan.FromMilliseconds(200) });

        await listener.Invoking(it => it.NextAsync()).Should().ThrowAsync<Exception>().Where(fault => fault.Message.Contains("503"));
        listens.Should().BeGreaterThan(3);
    }

    [Test]
    public async Task A_refusal_is_told_and_not_repeated()
    {
        await using var server = Scripted(call => call.ErrorAsync(-32601, 404));
        await using var client = await McpClient.ConnectAsync(server.Url);

        await client.Invoking(it => Listener.StartAsync(it, Tools, Fast)).Should().ThrowAsync<JsonRpcException>();
        server.Methods.Count(method => method == "subscriptions/listen").Should().Be(1);
    }

    [Test]
    public async Task A_server_that_never_acknowledges_is_given_up_in_the_time_of_requests()
    {
        var closed = new TaskCompletionSource();
        await using var server = Scripted(async call =>
        {
            await call.BeginEventsAsync();
            await call.ClosedByClientAsync();
            closed.SetResult();
        });
        var options = new McpClientOptions { Timeouts = new RequestTimeouts { Timeout = TimeSpan.FromMilliseconds(300) } };
        await using var client = await McpClient.ConnectAsync(server.Url, options);

        await client.Invoking(it => Listener.StartAsync(it, Tools, Fast)).Should().ThrowAsync<RequestTimedOutException>();
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task A_subscription_outlives_the_time_of_requests()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = Scripted(async call =>
        {
            await call.BeginEventsAsync();
            await call.EventAsync(Acknowledged(call.Id));
            await goOn.Task;
            await call.EventAsync(Changed(call.Id));
            await call.SilenceAsync();
        });
        var time = new ManualTime();
        await using var client = await McpClient.ConnectAsync(server.Url, new McpClientOptions { TimeProvider = time });
        await using var listener = await Listener.StartAsync(client, Tools, Fast);
        for (var end = DateTime.UtcNow.AddSeconds(20); time.Running > 0 && DateTime.UtcNow < end;)
            await Task.Yield();

        time.Advance(TimeSpan.FromHours(1));
        goOn.SetResult();
        (await listener.NextAsync()).Should().Be(new ToolsListChanged());
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/subscriptions §Opening a Stream", 1)]
    public async Task What_was_not_asked_for_is_a_fault_of_the_server_and_reaches_nobody()
    {
        var faults = new List<ProtocolFaultException>();
        await using var server = Scripted(async call =>
        {
            await call.BeginEventsAsync();
            await call.EventAsync(Acknowledged(call.Id));
            await call.EventAsync(Changed(call.Id, "prompts"));
            await call.EventAsync(Changed(call.Id));
            await call.SilenceAsync();
        });
        await using var client = await McpClient.ConnectAsync(server.Url, new McpClientOptions { OnProtocolFault = faults.Add });
        await using var listener = await Listener.StartAsync(client, Tools, Fast);

        (await listener.NextAsync()).Should().Be(new ToolsListChanged());
        faults.Should().ContainSingle().Which.Message.Should().Contain("prompts/list_changed");
    }

    [TestCaseSource(nameof(Modern))]
    public async Task A_server_that_stops_ends_the_listening_in_order(Way way)
    {
        var server = new McpServer("s", "1");
        using var stop = new CancellationTokenSource();
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        var (near, far) = OnlyMcp.Protocol.Testing.InMemoryPipe.Create();
        _ = server.ServeAsync(far, far, stop.Token);
        await using var client = way.IsHttp
            ? await McpClient.ConnectAsync(new Uri(host.Address, "/mcp"))
            : await McpClient.ConnectAsync(new PipeClientTransport(near, near));
        await using var listener = await Listener.StartAsync(client, Tools, Fast);
        var next = listener.NextAsync();
        await stop.CancelAsync();
        await host.StopAsync();

        (await next).Should().BeNull();
    }

    [TestCase("""{"jsonrpc":"2.0","id":ID,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":ID}}}""")]
    [TestCase("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":ID}}""")]
    [TestCase("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":ID}}|{"jsonrpc":"2.0","id":ID,"result":{"resultType":"complete"}}""")]
    public async Task However_a_server_says_that_it_ends_a_subscription_is_understood(string last)
    {
        var faults = new List<ProtocolFaultException>();
        await using var server = Scripted(async call =>
        {
            await call.BeginEventsAsync();
            await call.EventAsync(Acknowledged(call.Id));
            foreach (var message in last.Replace("ID", call.Id).Split('|'))
                await call.EventAsync(message);
        });
        await using var client = await McpClient.ConnectAsync(server.Url, new McpClientOptions { OnProtocolFault = faults.Add });
        await using var listener = await Listener.StartAsync(client, Tools, Fast);

        (await listener.NextAsync()).Should().BeNull();
        faults.Should().BeEmpty();
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Session Management")]
    public async Task A_session_that_the_server_forgot_is_opened_again_with_its_subscriptions()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Limits = new ServerLimits { MaxSessions = 10 } });
        server.AddResource("test://a", "a", "A");
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        using var record = new WireRecord();
        await using var client = await McpClient.ConnectAsync(
            new Uri(host.Address, "/mcp"), new McpClientOptions { Revision = KnownRevisions.V20251125, WireTap = record.Tap });
        await using var listener = await Listener.StartAsync(client, new SubscriptionFilter { ResourceSubscriptions = ["test://a"] }, Fast);

        using var other = new HttpClient();
        using var end = new HttpRequestMessage(HttpMethod.Delete, new Uri(host.Address, "/mcp"));
        end.Headers.Add("Mcp-Session-Id", client.Conversation.Transport.SessionId);
        (await other.SendAsync(end)).EnsureSuccessStatusCode();

        (await listener.NextAsync()).Should().BeOfType<ListeningStarted>();
        (await listener.NextAsync()).Should().Be(new ChangesMissed());
        await server.NotifyResourceUpdatedAsync("test://a");
        (await listener.NextAsync()).Should().Be(new ResourceUpdated("test://a"));
        record.SentRequests("resources/subscribe").Should().HaveCount(2);
    }

    [TestCase("2026-07-28")]
    [TestCase("2025-11-25")]
    [Spec("2026-07-28 basic/patterns/subscriptions §Graceful Closure", 1)]
    public async Task A_process_that_was_started_again_is_asked_to_tell_of_changes_again(string version)
    {
        var command = Programs.Command("StdioServer");
        await using var client = await McpClient.StartAsync(
            new StdioClientOptions { Command = command[0], Arguments = command[1..], Restart = new RestartOptions() },
            new McpClientOptions { Revision = KnownRevisions.Find(version) });
        await using var listener = await Listener.StartAsync(client, Tools, Fast);
        using var process = System.Diagnostics.Process.GetProcessById(int.Parse((await client.CallToolAsync("pid")).Text));
        process.Kill();

        (await listener.NextAsync()).Should().BeOfType<ListeningStarted>();
        (await listener.NextAsync()).Should().Be(new ChangesMissed());
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/subscriptions §Receiving Notifications", 1)]
    [Spec("2026-07-28 basic/transports/stdio §Receiving Messages", 1)]
    public async Task On_a_pipe_the_id_in_the_metadata_tells_whose_a_notification_is_also_as_a_string()
    {
        var (near, far) = OnlyMcp.Protocol.Testing.InMemoryPipe.Create();
        await using var server = new StdioPeer(far);
        var connecting = McpClient.ConnectAsync(new PipeClientTransport(near, near), new McpClientOptions { Revision = KnownRevisions.V20260728 });
        await AnswerAsync(server, Discovered);
        await using var client = await connecting;
        var starting = new[] { Listener.StartAsync(client, Tools, Fast), Listener.StartAsync(client, Tools, Fast) };
        var ids = new[] { await IdAsync(server), await IdAsync(server) };
        await server.SendAsync(Acknowledged($"\"{ids[1]}\""));
        await server.SendAsync(Acknowledged(ids[0]));
        await using var first = await starting[0];
        await using var second = await starting[1];

        await server.SendAsync(Changed("99"));
        await server.SendAsync(Changed(ids[1]));
        (await second.NextAsync()).Should().Be(new ToolsListChanged());
        var next = first.NextAsync();
        await client.Invoking(async it =>
        {
            var ping = it.PingAsync();
            await AnswerAsync(server, Discovered);
            await ping;
        }).Should().NotThrowAsync();
        next.IsCompleted.Should().BeFalse("what belongs to the other subscription, or to none, is not heard here");
        await server.SendAsync(Changed(ids[0]));
        (await next).Should().Be(new ToolsListChanged());
    }

    private static async Task<string> IdAsync(StdioPeer server) => (await server.NextMessageAsync()).GetProperty("id").GetRawText();

    private static async Task AnswerAsync(StdioPeer server, string result) =>
        await server.SendAsync($$"""{"jsonrpc":"2.0","id":{{await IdAsync(server)}},"result":{{result}}}""");

    private static IEnumerable<Way> Modern => Way.All.Where(way => way.Revision.Era == Era.Modern && way.ToString().StartsWith("stdio") is false);

    private static ScriptedHttpServer Scripted(Func<HttpCall, Task> listen) =>
        new(call => call.RpcMethod == "subscriptions/listen" ? listen(call) : call.ResultAsync(Discovered));

    private static string Acknowledged(string id) =>
        $$$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true},"_meta":{"io.modelcontextprotocol/subscriptionId":{{{{id}}}}}}}""";

    private static string Changed(string id, string what = "tools") =>
        $$$$"""{"jsonrpc":"2.0","method":"notifications/{{{{what}}}}/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":{{{{id}}}}}}}""";
}
