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

    [Test]
    public async Task Answers_that_are_gathered_leave_in_one_write_at_the_flush()
    {
        using var stream = new RecordedWrites();
        using var writer = new LineWriter(stream, Short, TimeProvider.System);
        writer.GatherHere();
        for (var i = 1; i <= 3; i++)
            ShouldTake(writer, Answer(i));
        stream.Written.Should().BeEmpty();
        writer.HasGathered.Should().BeTrue();

        writer.Flush();
        stream.Written.Should().Equal(string.Concat(Line(1), Line(2), Line(3)));
        writer.HasGathered.Should().BeFalse();

        writer.GatherNoMore();
        await writer.SendAsync(Answer(4), default);
        stream.Written[1..].Should().Equal(Line(4));
    }

    [Test]
    public async Task What_is_no_answer_or_comes_from_elsewhere_leaves_at_once_and_takes_the_gathered_along()
    {
        using var stream = new RecordedWrites();
        using var writer = new LineWriter(stream, Short, TimeProvider.System);
        writer.GatherHere();
        ShouldTake(writer, Answer(1));
        ShouldTake(writer, new JsonRpcNotification("told"));
        stream.Written.Should().Equal(Line(1) + "{\"jsonrpc\":\"2.0\",\"method\":\"told\"}\n");

        ShouldTake(writer, Answer(2));
        var other = new Thread(() => writer.SendAsync(Answer(3), default).AsTask().Wait());
        other.Start();
        other.Join();
        stream.Written[1..].Should().Equal(Line(2) + Line(3));

        ShouldTake(writer, Answer(4));
        await writer.DrainAsync();
        stream.Written[2..].Should().Equal(Line(4));
    }

    [Test]
    public void No_more_is_gathered_than_a_bounded_amount()
    {
        using var stream = new RecordedWrites();
        using var writer = new LineWriter(stream, Short, TimeProvider.System);
        writer.GatherHere();
        var sent = 0;
        for (; stream.Written.Count == 0; sent++)
            ShouldTake(writer, Answer(1000 + sent));
        stream.Written.Sum(write => write.Length).Should().BeInRange(60 * 1024, 70 * 1024);
        string.Concat(stream.Written).Should().Be(string.Concat(Enumerable.Range(1000, sent).Select(Line)), "all left in order");
    }

    [Test]
    public async Task A_write_that_keeps_its_thread_is_given_up_too_and_those_behind_it_learn_of_it()
    {
        var time = new ManualTime();
        using var stream = new StuckStream();
        using var writer = new LineWriter(stream, Short, time) { Blocks = true };
        var first = Task.Run(() => writer.SendAsync(Answer(1), default).AsTask());
        await stream.Entered.WaitAsync(TimeSpan.FromSeconds(30));
        var second = writer.SendAsync(Answer(2), default).AsTask();
        second.IsCompleted.Should().BeFalse();

        time.Advance(Short);
        (await writer.Broken).Message.Should().Be("The other side has not read for 0.05 s.");
        await FluentActions.Awaiting(() => second).Should().ThrowAsync<TransportClosedException>();
        stream.LetGo();
        await FluentActions.Awaiting(() => first).Should().ThrowAsync<TransportClosedException>();
    }

    [Test]
    public async Task The_time_of_each_write_that_keeps_its_thread_is_its_own()
    {
        var time = new ManualTime();
        using var stream = new RecordedWrites();
        using var writer = new LineWriter(stream, Short, time) { Blocks = true };
        for (var i = 0; i < 5; i++)
        {
            await writer.SendAsync(Answer(i), default);
            time.Advance(Short * 0.7);
        }

        writer.Broken.IsCompleted.Should().BeFalse();
        stream.Written.Should().HaveCount(5);
    }

    private static void ShouldTake(LineWriter writer, JsonRpcMessage message) =>
        writer.SendAsync(message, default).AsTask().IsCompletedSuccessfully.Should().BeTrue("nobody has to wait");

    private static JsonRpcResultResponse Answer(int id) => new(id, new JsonBody("{}"u8.ToArray()));

    private static string Line(int id) => $$"""{"jsonrpc":"2.0","id":{{id}},"result":{} }""".Replace(" ", "", StringComparison.Ordinal) + '\n';

    private sealed class RecordedWrites : MemoryStream
    {
        public List<string> Written { get; } = [];

        public override void Write(ReadOnlySpan<byte> buffer) => Written.Add(Encoding.UTF8.GetString(buffer));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource entered = new();
        private readonly ManualResetEventSlim goOn = new();

        public Task Entered => entered.Task;

        public void LetGo() => goOn.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            entered.SetResult();
            goOn.Wait();
        }
    }
}
