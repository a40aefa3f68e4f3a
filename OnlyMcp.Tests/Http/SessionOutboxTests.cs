using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Legacy;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

[Spec("2025-11-25 basic/transports §Listening for Messages from the Server")]
[Spec("2025-11-25 basic/transports §Multiple Connections")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SessionOutboxTests
{
    private readonly SessionOutbox outbox = new();

    [Test]
    public async Task What_was_said_before_anybody_listened_is_heard_first()
    {
        await SayAsync("notifications/one");
        var (http, _) = await ListenAsync();
        await SayAsync("notifications/two");

        (await http.NextWriteAsync()).Should().Contain("one");
        (await http.NextWriteAsync()).Should().Contain("two");
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Multiple Connections", 1, AtEveryRevision = true)]
    public async Task A_message_goes_to_the_newest_stream_alone()
    {
        var (first, stream) = await ListenAsync();
        var (second, _) = await ListenAsync();
        await stream.Finished;
        await SayAsync("notifications/news");

        (await second.NextWriteAsync()).Should().Contain("news");
        first.Body.Should().BeEmpty();
    }

    [Test]
    public async Task Of_too_many_messages_that_wait_the_oldest_are_forgotten()
    {
        for (var i = 0; i < 150; i++)
            await SayAsync($"notifications/{i}");
        var (http, _) = await ListenAsync();

        http.Body.Split("data: ").Should().HaveCount(101);
        http.Body.Should().NotContain("notifications/49\"").And.Contain("notifications/50\"").And.Contain("notifications/149\"");
    }

    [Test]
    public async Task Nothing_is_kept_once_the_session_has_ended()
    {
        outbox.End();
        await SayAsync("notifications/late");
        var (http, stream) = await ListenAsync();

        await stream.Finished;
        http.Body.Should().BeEmpty();
    }

    private async Task SayAsync(string method) => await outbox.SendAsync(new JsonRpcNotification(method), default);

    private async Task<(FakeHttpExchange Http, HttpEventStream Stream)> ListenAsync()
    {
        var http = new FakeHttpExchange("GET", "/mcp");
        var stream = new HttpEventStream(http, new McpServerOptions { TimeProvider = new ManualTime() }, new McpHttpOptions());
        await outbox.AttachAsync(stream);
        return (http, stream);
    }
}
