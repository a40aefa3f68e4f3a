using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Stdio;

/// <summary>Who has read a request runs its handler and reads on: handlers that block, wait, talk or fail keep nobody else waiting.</summary>
[TestFixture(ServedPipe.Streams)]
[TestFixture(ServedPipe.Files)]
[Spec("2026-07-28 basic/transports/stdio §Receiving Messages")]
public sealed class PipeReadingTests(string kind)
{
    private const int Many = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private ManualResetEventSlim released = null!;
    private CountdownEvent others = null!;
    private ServedPipe pipe = null!;

    [SetUp]
    public async Task ServeAsync()
    {
        released = new ManualResetEventSlim();
        others = new CountdownEvent(Many);
        var server = new McpServer("reading", "1.0.0");
        server.AddTool("block", "Keeps its thread until it is released", (string text) => released.Wait(Patience) ? "released" : "forgotten");
        server.AddTool("wait", "Lets its thread go until it is released", async (RequestContext context, string text) =>
        {
            while (!released.IsSet)
                await Task.Delay(1);
            return $"{text} {context.Request.Params.ToElement().GetProperty("arguments").GetProperty("text")}";
        });
        server.AddTool("spin", "Keeps its thread until it is cancelled", (string text, CancellationToken cancelled) =>
        {
            while (!cancelled.IsCancellationRequested)
                Thread.SpinWait(100);
            return "never";
        });
        server.AddTool("meet", "Keeps its thread until all others keep theirs", (string text) =>
        {
            others.Signal();
            return others.Wait(Patience) ? "met" : "alone";
        });
        server.AddTool("tell", "Tells something, and then keeps its thread", async (RequestContext context, string text) =>
        {
            await context.NotifyAsync("notifications/com.example/told", default);
            return released.Wait(Patience) ? "released" : "forgotten";
        });

        pipe = await ServedPipe.OpenAsync(server, kind);
    }

    [TearDown]
    public async Task EndAsync()
    {
        released.Set();
        await pipe.DisposeAsync();
        released.Dispose();
        others.Dispose();
    }

    private StdioPeer Client => pipe.Client;

    [Test]
    public async Task Tools_that_keep_their_threads_run_side_by_side()
    {
        // The first are trusted to come back soon, the next are not.
        for (var round = 0; round < 3; round++)
        {
            others.Reset();
            await Client.SendAsync(string.Join('\n', Enumerable.Range(0, Many).Select(i => Call(i, "meet"))));
            for (var i = 0; i < Many; i++)
                (await Client.ReadTextAsync()).Should().Be("met", "in round {0}", round);
        }
    }

    [Test]
    public async Task Tools_that_block_stall_nobody_though_all_came_together()
    {
        await Client.SendAsync(string.Join('\n', Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? Call(i, "block") : Ping(i))));

        (await ReadIdsAsync(10)).Should().BeEquivalentTo([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
        await Client.ShouldAnswerAsync();
        released.Set();
        (await ReadIdsAsync(10)).Should().BeEquivalentTo([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    }

    [Test]
    public async Task An_answer_waits_for_no_tool_that_came_after_it([Values("block", "wait", "tell")] string tool)
    {
        for (var round = 0; round < 50; round++)
        {
            released.Reset();
            await Client.SendAsync($"{Ping(1)}\n{Ping(2)}\n{Call(3, tool)}");
            var lines = new List<string>();
            for (var left = tool == "tell" ? 3 : 2; left > 0; left--)
                lines.Add(await Client.ReadAsync());
            lines.Should().Contain(line => line.Contains("\"id\":1,")).And.Contain(line => line.Contains("\"id\":2,"));
            lines.Should().NotContain(line => line.Contains("\"id\":3,"), "it has not been released");
            released.Set();
            (await ReadIdsAsync(1)).Should().Equal(3);
        }
    }

    [Test]
    public async Task An_answer_waits_for_no_notification_that_came_after_it()
    {
        for (var round = 0; round < 200; round++)
        {
            await Client.SendAsync(Ping(1) + '\n' + """{"jsonrpc":"2.0","method":"notifications/com.example/nothing"}""");
            (await ReadIdsAsync(1)).Should().Equal(1);
        }
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Cancellation")]
    public async Task A_tool_that_keeps_its_thread_is_reached_by_its_cancellation()
    {
        for (var round = 0; round < 10; round++)
        {
            await Client.SendAsync(Call(round, "spin") + '\n' + $$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{round}}} }""");
            await Client.ShouldAnswerAsync();
        }
    }

    [Test]
    public async Task The_bytes_of_a_request_are_its_own_until_it_has_been_answered()
    {
        await Client.SendAsync(string.Join('\n', Enumerable.Range(0, 50).Select(i => Call(i, "wait", $"number {i}"))));
        for (var i = 100; i < 1000; i++)
            await Client.ShouldAnswerAsync();

        released.Set();
        for (var i = 0; i < 50; i++)
        {
            var answer = JsonRpcReader.Parse(Encoding.UTF8.GetBytes(await Client.ReadAsync())).Should().BeOfType<JsonRpcResultResponse>().Subject;
            answer.Result.ToString().Should().Contain($"\"number {answer.Id} number {answer.Id}\"");
        }
    }

    [Test]
    public async Task Every_request_of_many_that_come_together_is_answered_once()
    {
        for (var round = 0; round < 20; round++)
        {
            await Client.SendAsync(string.Join('\n', Enumerable.Range(0, 90).Select(Ping)));
            (await ReadIdsAsync(90)).Should().BeEquivalentTo(Enumerable.Range(0, 90));
        }
    }

    private static string Ping(int id) => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""";

    private static string Call(int id, string tool, string text = "") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{"text":"{{{text}}}"} } }""";

    private async Task<int[]> ReadIdsAsync(int count)
    {
        var ids = new int[count];
        for (var i = 0; i < count; i++)
        {
            var answer = JsonRpcReader.Parse(Encoding.UTF8.GetBytes(await Client.ReadAsync()));
            ids[i] = (int)answer.Should().BeOfType<JsonRpcResultResponse>().Subject.Id.Number!;
        }

        return ids;
    }
}
