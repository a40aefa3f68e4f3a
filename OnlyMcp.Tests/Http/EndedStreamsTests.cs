using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>What the streams of a session do when it has ended, whoever comes late: they carry nothing, and leave nothing behind.</summary>
[Spec("2025-11-25 basic/transports §Session Management")]
[Spec("2025-11-25 basic/transports §Resumability and Redelivery")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EndedStreamsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InMemoryEventStore store = new();
    private readonly ManualTime time = new();
    private readonly ResumableStreams streams;

    public EndedStreamsTests() => streams = new(new KeptEvents(store, new McpServerOptions()), KnownRevisions.V20251125);

    [TearDown]
    public void ShouldLeaveNothing()
    {
        store.Count.Should().Be(0);
        store.Bytes.Should().Be(0);
        time.Running.Should().Be(0, "no connection is kept alive");
    }

    [Test]
    public async Task What_is_sent_late_goes_nowhere()
    {
        var (http, stream) = Begin();
        await SayAsync(stream, "early");
        await streams.EndAsync();
        await SayAsync(stream, "late");
        await stream.CloseConnectionAsync(TimeSpan.FromSeconds(5));

        http.IsCompleted.Should().BeTrue();
        http.Tried.Should().Contain("notifications/early").And.NotContain("late").And.NotContain("retry: 5000");
        stream.IsConnected.Should().BeFalse();
    }

    [Test]
    public async Task What_is_being_sent_and_what_waits_behind_it_is_broken_off_and_forgotten()
    {
        var (http, stream) = Begin();
        http.Stuck = new TaskCompletionSource();
        var saying = new[] { SayAsync(stream, "one"), SayAsync(stream, "two") };

        await streams.EndAsync().WaitAsync(Patience);

        await Task.WhenAll(saying).WaitAsync(Patience);
        http.Aborted.Task.IsCompleted.Should().BeTrue();
    }

    [Test]
    public async Task Nothing_is_found_that_could_be_resumed([Values] bool wasAnswered)
    {
        var (_, stream) = Begin();
        await SayAsync(stream, "early");
        await SayAsync(streams.Standalone, "early");
        if (wasAnswered)
            await stream.EndAsync();
        foreach (var name in new[] { stream.Name, streams.Standalone.Name })
            (await streams.FindAsync(new(name, 0))).Name.Should().Be(name);

        await streams.EndAsync();

        foreach (var name in new[] { stream.Name, streams.Standalone.Name })
            (await streams.Awaiting(it => it.FindAsync(new(name, 0)).AsTask()).Should().ThrowAsync<RefusedRequestException>()).Which.HttpStatus.Should().Be(400);
    }

    [Test]
    public async Task Who_found_the_stream_in_time_and_connects_late_reads_the_end([Values] bool standalone)
    {
        var stream = standalone ? streams.Standalone : Begin().Stream;
        await SayAsync(stream, "early");
        var found = await streams.FindAsync(new(stream.Name, 0));
        await streams.EndAsync();
        var (http, connection) = Connection();
        await found.ConnectAsync(connection, after: 0);

        await connection.WaitAsync(default).WaitAsync(Patience);
        http.IsCompleted.Should().BeTrue();
        http.Tried.Should().BeEmpty();
    }

    [Test]
    public async Task A_stream_that_begins_late_carries_nothing()
    {
        await streams.EndAsync();
        var (http, connection) = Connection();
        var stream = streams.Begin(connection);
        await stream.PrimeAsync();
        await SayAsync(stream, "late");
        await stream.EndAsync();
        await connection.DisposeAsync();

        http.Tried.Should().BeEmpty();
        await streams.Awaiting(it => it.FindAsync(new(stream.Name, 0)).AsTask()).Should().ThrowAsync<RefusedRequestException>();
    }

    private (FakeHttpExchange Http, ResumableStream Stream) Begin()
    {
        var (http, connection) = Connection();
        return (http, streams.Begin(connection));
    }

    private (FakeHttpExchange Http, HttpEventStream Connection) Connection()
    {
        var http = new FakeHttpExchange("POST", "/mcp");
        return (http, new HttpEventStream(http, new McpServerOptions { TimeProvider = time }, new McpHttpOptions()));
    }

    private static async Task SayAsync(ResumableStream stream, string what) =>
        await stream.SendAsync(new JsonRpcNotification($"notifications/{what}"), default);
}
