using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transport;

[Spec("2026-07-28 basic/transports/stdio §Sending Messages")]
public sealed class LineWriterTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Test]
    [Spec("2026-07-28 basic/transports/stdio", 1, 3, AtEveryRevision = true)]
    public async Task Messages_of_many_writers_leave_whole()
    {
        var (client, server) = InMemoryPipe.Create(capacity: 100);
        using var writer = new LineWriter(server, TimeSpan.FromSeconds(30), TimeProvider.System);
        var writing = Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(
            () => writer.SendAsync(new JsonRpcRequest(i, new string('m', i)), default).AsTask())));
        writing = writing.ContinueWith(_ => server.Dispose(), TaskScheduler.Default);

        var reader = new LineReader(client, 1000);
        var ids = new List<long>();
        while (await reader.ReadAsync(default) is { } line)
            ids.Add(long.Parse(((JsonRpcRequest)JsonRpcReader.Parse(line.Bytes)).Id.Value));
        ids.Should().BeEquivalentTo(Enumerable.Range(0, 200));
        await writing;
    }

    [Test]
    public async Task A_reader_that_stops_reading_is_given_up()
    {
        var (_, server) = InMemoryPipe.Create(capacity: 10);
        using var writer = new LineWriter(server, Short, TimeProvider.System);
        var send = () => writer.SendAsync(new JsonRpcRequest(1, "ping"), default).AsTask();

        (await send.Should().ThrowAsync<TransportClosedException>()).WithMessage("The other side has not read for 0.05 s.");
        await send.Should().ThrowAsync<TransportClosedException>("nothing can be written behind half a message");
        writer.Broken.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Test]
    public async Task A_reader_that_is_gone_is_noticed()
    {
        var (client, server) = InMemoryPipe.Create();
        client.Dispose();
        using var writer = new LineWriter(server, Short, TimeProvider.System);
        var send = () => writer.SendAsync(new JsonRpcRequest(1, "ping"), default).AsTask();
        await send.Should().ThrowAsync<TransportClosedException>();
        (await writer.Broken).InnerException.Should().BeOfType<IOException>();
    }

    [Test]
    public async Task Giving_up_before_the_turn_sends_nothing_and_breaks_nothing()
    {
        var (client, server) = InMemoryPipe.Create(capacity: 10);
        using var writer = new LineWriter(server, TimeSpan.FromSeconds(30), TimeProvider.System);
        var first = writer.SendAsync(new JsonRpcRequest(1, "ping"), default).AsTask();
        using var cancelled = new CancellationTokenSource();
        var second = writer.SendAsync(new JsonRpcRequest(2, "ping"), cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await FluentActions.Awaiting(() => second).Should().ThrowAsync<OperationCanceledException>();
        var third = writer.SendAsync(new JsonRpcRequest(3, "ping"), default).AsTask();

        var reader = new LineReader(client, 1000);
        var lines = new[] { await reader.ReadAsync(default), await reader.ReadAsync(default) };
        lines.Select(line => ((JsonRpcRequest)JsonRpcReader.Parse(line!.Value.Bytes)).Id).Should().Equal(1, 3);
        await Task.WhenAll(first, third);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio", 3, AtEveryRevision = true)]
    public async Task A_message_that_cannot_be_written_leaves_the_line_clean()
    {
        var (client, server) = InMemoryPipe.Create();
        using var writer = new LineWriter(server, Short, TimeProvider.System);
        var broken = new JsonRpcResultResponse(1, JsonBody.Of(new object(), BrokenJson.TypeInfo));
        await FluentActions.Awaiting(() => writer.SendAsync(broken, default).AsTask()).Should().ThrowAsync<NotSupportedException>();
        await writer.SendAsync(new JsonRpcRequest(2, "ping"), default);

        var line = await new LineReader(client, 1000).ReadAsync(default);
        Encoding.UTF8.GetString(line!.Value.Bytes.Span).Should().Be("""{"jsonrpc":"2.0","id":2,"method":"ping"}""");
    }
}
