using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>The stream of what belongs to no request: over sockets, and without one where a client must misbehave to the letter.</summary>
[Spec("2025-11-25 basic/transports §Listening for Messages from the Server")]
[Spec("2025-11-25 basic/transports §Multiple Connections")]
public sealed class StandaloneStreamTests
{
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    public async Task What_was_said_before_anybody_listened_is_heard_first(string version)
    {
        var (server, host) = await StartAsync();
        await using var stopping = host;
        var client = await SessionClient.OpenAsync(host.Address, version);
        using var call = await client.CallAsync("steps");
        await server.TellAsync("one");
        using var listening = await client.ListenAsync();
        var one = await listening.NextAsync();
        await server.TellAsync("two");
        var two = await listening.NextAsync();

        one!.Data.Should().Contain("notifications/one");
        two!.Data.Should().Contain("notifications/two");
        one.Id.Should().NotBeNull().And.NotBe(two.Id);
        server.End();
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Multiple Connections", 1)]
    public async Task A_message_goes_to_the_newest_stream_alone(string version)
    {
        var (server, host) = await StartAsync();
        await using var stopping = host;
        var client = await SessionClient.OpenAsync(host.Address, version);
        using var call = await client.CallAsync("steps");
        await server.TellAsync("old");
        using var first = await client.ListenAsync();
        (await first.NextAsync())!.Data.Should().Contain("notifications/old");
        using var second = await client.ListenAsync();
        (await first.RestAsync()).Should().BeEmpty("its place was taken");
        await server.TellAsync("news");
        server.End();
        await client.DeleteAsync();

        (await second.RestAsync()).Should().ContainSingle().Which.Should().Contain("notifications/news");
        (await call.ReadAsync()).Body.Should().Contain("the end").And.NotContain("news");
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Listening for Messages from the Server", 3)]
    public async Task No_response_comes_on_it(string version)
    {
        var (server, host) = await StartAsync();
        await using var stopping = host;
        var client = await SessionClient.OpenAsync(host.Address, version);
        using var listening = await client.ListenAsync();
        await listening.HeadAsync();
        using (var cut = await client.CallAsync("steps", "1"))
        {
            await server.SayAsync("of the request");
            await cut.NextAsync();
            cut.Cut();
        }

        server.End();
        using var other = await client.CallAsync("steps", "2");
        await server.TellAsync("news");
        server.End();
        await other.ReadAsync();
        await client.DeleteAsync();

        (await listening.RestAsync()).Should().ContainSingle().Which.Should().Contain("notifications/news");
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Resumability and Redelivery")]
    public async Task It_is_resumed_behind_the_last_event_and_takes_the_place_of_the_one_before()
    {
        var (server, host) = await StartAsync();
        await using var stopping = host;
        var client = await SessionClient.OpenAsync(host.Address);
        using var call = await client.CallAsync("steps");
        using var first = await client.ListenAsync();
        await first.NextAsync();
        await server.TellAsync("one");
        await first.NextAsync();
        var last = first.LastId;
        await server.TellAsync("two");
        await first.NextAsync();
        using var second = await client.ListenAsync(last);

        (await second.NextAsync())!.Data.Should().Contain("notifications/two", "it came behind the event that was named");
        (await first.RestAsync()).Should().BeEmpty();
        await server.TellAsync("three");
        (await second.NextAsync())!.Data.Should().Contain("notifications/three");
        server.End();
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Resumability and Redelivery")]
    public async Task One_who_resumes_the_answer_to_a_request_does_not_take_its_place()
    {
        var (server, host) = await StartAsync();
        await using var stopping = host;
        var client = await SessionClient.OpenAsync(host.Address);
        using var listening = await client.ListenAsync();
        await listening.NextAsync();
        using var call = await client.CallAsync("steps");
        await server.CloseAsync();
        await call.RestAsync();
        using var resumed = await client.ListenAsync(call.LastId);
        await resumed.HeadAsync();
        await server.TellAsync("news");
        server.End();

        (await resumed.RestAsync()).Should().ContainSingle().Which.Should().Contain("the end");
        (await listening.NextAsync())!.Data.Should().Contain("notifications/news");
    }

    [Test]
    public async Task A_session_of_the_oldest_revision_has_a_stream_without_ids()
    {
        var (server, host) = await StartAsync();
        await using var stopping = host;
        var client = await SessionClient.OpenAsync(host.Address, "2024-11-05");
        using var call = await client.CallAsync("steps");
        await server.SayAsync("one");
        server.End();
        (await call.NextAsync())!.Id.Should().BeNull();
        using var listening = await client.ListenAsync("0123456789abcdef-1");

        (await listening.HeadAsync()).Status.Should().Be(200, "that revision knows no such header");
    }

    [Test]
    public async Task A_message_that_was_being_sent_when_the_connection_broke_is_not_lost()
    {
        var streams = Streams();
        var (first, _) = await ConnectAsync(streams);
        first.ClientIsGone = true;
        await SayAsync(streams, "one");
        await SayAsync(streams, "two");
        var (second, _) = await ConnectAsync(streams);

        first.Body.Should().NotContain("notifications");
        second.Body.Should().Contain("notifications/one").And.Contain("notifications/two");
    }

    [Test]
    public async Task A_client_that_does_not_read_does_not_hold_up_the_one_that_takes_its_place()
    {
        var streams = Streams();
        var (stuck, _) = await ConnectAsync(streams);
        stuck.Stuck = new TaskCompletionSource();
        var saying = SayAsync(streams, "one");
        var (next, _) = await ConnectAsync(streams).WaitAsync(TimeSpan.FromSeconds(30));
        await saying;

        stuck.Aborted.Task.IsCompleted.Should().BeTrue();
        next.Body.Should().Contain("notifications/one");
    }

    [Test]
    public async Task A_client_that_does_not_read_is_given_up_when_too_much_waits_for_it()
    {
        var streams = Streams();
        var (stuck, _) = await ConnectAsync(streams);
        stuck.Stuck = new TaskCompletionSource();
        var saying = Enumerable.Range(0, 1002).Select(i => SayAsync(streams, $"{i}")).ToArray();

        await Task.WhenAll(saying).WaitAsync(TimeSpan.FromSeconds(30));

        stuck.Aborted.Task.IsCompleted.Should().BeTrue();
        streams.Standalone.IsConnected.Should().BeFalse();
    }

    [Test]
    public async Task Of_what_nobody_listens_to_the_newest_is_kept_within_bounds()
    {
        var store = new InMemoryEventStore();
        var streams = Streams(store);
        for (var i = 0; i < 5000; i++)
            await SayAsync(streams, $"{i}");
        store.Count.Should().Be(1000);
        var (http, _) = await ConnectAsync(streams);

        http.Body.Split("data: {").Should().HaveCount(1001);
        http.Body.Should().NotContain("notifications/3999\"").And.Contain("notifications/4000\"").And.Contain("notifications/4999\"");
    }

    [Test]
    public async Task Nothing_is_kept_once_the_session_has_ended()
    {
        var store = new InMemoryEventStore();
        var streams = Streams(store);
        await SayAsync(streams, "early");
        await streams.EndAsync();
        await SayAsync(streams, "late");
        var (http, stream) = await ConnectAsync(streams);

        await stream.Finished;
        http.Body.Should().BeEmpty();
        store.Count.Should().Be(0);
    }

    private static async Task<(StepServer Server, McpHttpHost Host)> StartAsync()
    {
        var server = new StepServer();
        return (server, await server.StartAsync(new() { SilentResponseDelay = Timeout.InfiniteTimeSpan }));
    }

    private static ResumableStreams Streams(InMemoryEventStore? store = null) =>
        new(new KeptEvents(store ?? new InMemoryEventStore(), new McpServerOptions()), KnownRevisions.V20251125);

    private static async Task SayAsync(ResumableStreams streams, string what) =>
        await streams.Standalone.SendAsync(new JsonRpcNotification($"notifications/{what}"), default);

    private static async Task<(FakeHttpExchange Http, HttpEventStream Stream)> ConnectAsync(ResumableStreams streams)
    {
        var http = new FakeHttpExchange("GET", "/mcp");
        var stream = new HttpEventStream(http, new McpServerOptions { TimeProvider = new ManualTime() }, new McpHttpOptions());
        await streams.Standalone.ConnectAsync(stream, null);
        return (http, stream);
    }
}
