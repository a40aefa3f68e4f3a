using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>A server that sends its client away, and a client that comes back for the answer.</summary>
[Spec("2025-11-25 basic/transports §Sending Messages to the Server")]
public sealed class PollingTests
{
    [Test]
    public async Task A_client_that_is_sent_away_is_told_when_to_come_back_and_misses_nothing()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var first = await client.CallAsync("steps");
        await server.SayAsync("one");
        var primed = await first.NextAsync();
        (await first.NextAsync())!.Data.Should().Contain("one");
        await server.CloseAsync(TimeSpan.FromSeconds(2.5));
        var farewell = await first.NextAsync();
        (await first.NextAsync()).Should().BeNull("the connection is closed");
        await server.SayAsync("two");
        using var second = await client.ListenAsync(first.LastId);
        (await second.NextAsync())!.Data.Should().Contain("two");
        await server.CloseAsync();
        (await second.RestAsync()).Should().BeEmpty();
        using var third = await client.ListenAsync(second.LastId);
        server.End();

        (await third.RestAsync()).Should().ContainSingle().Which.Should().Contain("the end");
        primed.Should().BeEquivalentTo(new { Data = "", Retry = TimeSpan.FromSeconds(1) });
        farewell.Should().BeEquivalentTo(new { Data = "", Retry = TimeSpan.FromSeconds(2.5) });
        farewell!.Id.Should().NotBeNull().And.NotBe(primed!.Id);
    }

    [Test]
    public async Task An_answer_that_has_not_begun_begins_with_the_event_that_sends_the_client_away()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync(new() { RetryInterval = TimeSpan.FromSeconds(3) });
        var client = await SessionClient.OpenAsync(host.Address);
        using var call = await client.CallAsync("steps");
        await server.CloseAsync();
        await server.CloseAsync();
        var only = await call.NextAsync();

        only.Should().BeEquivalentTo(new { Data = "", Retry = TimeSpan.FromSeconds(3) });
        only!.Id.Should().NotBeNull();
        (await call.NextAsync()).Should().BeNull();
        server.End();
        using var resumed = await client.ListenAsync(only.Id);
        (await resumed.RestAsync()).Should().ContainSingle();
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task Our_client_gets_its_answer_whether_it_was_sent_away_or_not(Way way)
    {
        var server = new StepServer();
        await using var connected = await way.ConnectAsync(server.Server);
        var calling = connected.Client.CallToolAsync("steps");
        await server.CloseAsync();
        await server.SayAsync("something");
        server.End();

        (await calling).Text.Should().Be("the end");
    }

    [TestCase("application/json", "2025-11-25")]
    [TestCase("application/json, text/event-stream", "2025-06-18")]
    [TestCase("application/json, text/event-stream", "2025-03-26")]
    public async Task A_client_that_takes_no_events_or_knows_nothing_of_this_gets_its_answer_at_once(string accept, string version)
    {
        var server = new StepServer();
        await using var host = await server.StartAsync(new() { SilentResponseDelay = TimeSpan.FromMilliseconds(10) });
        var client = await SessionClient.OpenAsync(host.Address, version);
        using var call = await client.SendAsync("POST /mcp", Wire.LegacyCall("steps"), $"Accept: {accept}");
        await server.CloseAsync();
        server.End();
        var answer = await call.ReadAsync();

        answer.Header("Content-Type").Should().Be("application/json");
        answer.Body.Should().Contain("the end");
        server.Store.Count.Should().Be(0);
    }

    [TestCase("2025-06-18", "")]
    [TestCase("2025-11-25", "id: ")]
    public async Task A_silent_answer_begins_with_an_id_where_the_client_can_come_back_with_it(string version, string begins)
    {
        var time = new ManualTime();
        var server = new ToolServer(new McpServerOptions { TimeProvider = time });
        var handler = server.Handler();
        var session = await Sessions.OpenAsync(handler, version);
        var call = session.Post(Wire.LegacyCall("wait"));
        var handling = handler.HandleAsync(call).AsTask();
        await server.Started;
        time.Advance(TimeSpan.FromSeconds(1));

        if (begins.Length > 0)
            (await call.NextWriteAsync()).Should().MatchRegex("^id: [0-9a-f]{16}-1\nretry: 1000\ndata: \n\n$");
        else
            call.Body.Should().BeEmpty();
        server.Release();
        await handling;
        (await call.NextWriteAsync()).Should().Contain("released");
    }

    [Test]
    public async Task Nobody_comes_back_for_a_request_that_was_cancelled()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var call = await client.CallAsync("steps");
        await server.CloseAsync();
        await call.RestAsync();
        using var waiting = await client.ListenAsync(call.LastId);
        await waiting.HeadAsync();
        (await client.PostAsync(Wire.Cancelled())).Should().Be(202);
        (await waiting.RestAsync()).Should().BeEmpty();
        using var later = await client.ListenAsync(call.LastId);

        (await later.ReadAsync()).Status.Should().Be(400);
        server.Store.Count.Should().Be(0);
    }

    [Test]
    public async Task A_time_to_wait_that_cannot_be_told_is_the_callers_mistake()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var call = await client.CallAsync("steps");
        foreach (var wrong in new[] { TimeSpan.FromMilliseconds(-1), TimeSpan.FromDays(25) })
        {
            await server.DoAsync(context => context.Invoking(it => it.CloseStreamAsync(wrong)).Should().ThrowAsync<ArgumentOutOfRangeException>());
            new Func<McpHttpHandler>(() => new McpHttpHandler(server.Server, new() { RetryInterval = wrong })).Should().Throw<ArgumentException>();
        }

        server.End();
        (await call.ReadAsync()).Body.Should().Contain("the end");
    }
}
