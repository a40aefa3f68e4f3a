using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Stdio;

/// <summary>A middleware may hold a notification up, and with it what comes behind; nothing else waits for it.</summary>
[TestFixture(ServedPipe.Streams)]
[TestFixture(ServedPipe.Files)]
[Spec("2026-07-28 basic/transports/stdio §Receiving Messages")]
public sealed class PipeMiddlewareTests(string kind)
{
    private const string Held = """{"jsonrpc":"2.0","method":"notifications/com.example/held"}""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SemaphoreSlim came = null!;
    private TaskCompletionSource released = null!;
    private ServedPipe pipe = null!;

    [SetUp]
    public async Task ServeAsync()
    {
        came = new SemaphoreSlim(0);
        released = new TaskCompletionSource();
        pipe = await ServedPipe.OpenAsync(new McpServer("held", "1.0.0", new McpServerOptions { MessageMiddleware = [HoldAsync] }), kind);
    }

    [TearDown]
    public async Task EndAsync()
    {
        released.TrySetResult();
        await pipe.DisposeAsync();
        came.Dispose();
    }

    private StdioPeer Client => pipe.Client;

    [Test]
    public async Task An_answer_waits_for_no_notification_that_is_held_up_behind_it()
    {
        for (var round = 0; round < 100; round++)
        {
            await Client.SendAsync($$"""{"jsonrpc":"2.0","id":{{round}},"method":"ping"}""" + '\n' + Held);
            (await Client.ReadAsync().WaitAsync(Patience)).Should().Contain($"\"id\":{round},");
            (await came.WaitAsync(Patience)).Should().BeTrue();
            Release();
        }
    }

    [Test]
    public async Task Whoever_lets_a_notification_go_is_not_made_to_read_on()
    {
        await Client.SendAsync(Held);
        (await came.WaitAsync(Patience)).Should().BeTrue();

        var thread = new Thread(Release) { IsBackground = true };
        thread.Start();

        thread.Join(Patience).Should().BeTrue("it has a life of its own");
        await Client.ShouldAnswerAsync();
    }

    private void Release()
    {
        var before = released;
        released = new TaskCompletionSource();
        before.SetResult();
    }

    private async ValueTask HoldAsync(PassingMessage passing, MessageStep next, CancellationToken cancellationToken)
    {
        if (passing.Message is JsonRpcNotification { Method: "notifications/com.example/held" })
        {
            var until = released.Task;
            came.Release();
            await until;
            return;
        }

        await next(passing, cancellationToken);
    }
}
