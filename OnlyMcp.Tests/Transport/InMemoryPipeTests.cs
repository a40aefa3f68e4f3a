using OnlyMcp.Protocol.Testing;

namespace OnlyMcp.Tests.Transport;

public sealed class InMemoryPipeTests
{
    [Test]
    public async Task What_is_written_at_one_end_is_read_at_the_other_in_both_directions()
    {
        var (client, server) = InMemoryPipe.Create();
        await client.WriteAsync("to server"u8.ToArray());
        await server.WriteAsync("to client"u8.ToArray());
        (await ReadAsync(server)).Should().Be("to server");
        (await ReadAsync(client)).Should().Be("to client");
    }

    [Test]
    public async Task A_writer_waits_for_a_reader_that_is_slow()
    {
        var (client, server) = InMemoryPipe.Create(capacity: 10);
        var write = client.WriteAsync(new byte[20]).AsTask();
        write.IsCompleted.Should().BeFalse();
        await server.ReadExactlyAsync(new byte[20]);
        await write;
    }

    [Test]
    public async Task What_does_not_fit_into_one_read_is_left_for_the_next()
    {
        var (client, server) = InMemoryPipe.Create();
        var sent = new byte[1_000_000];
        new Random(1).NextBytes(sent);
        var write = client.WriteAsync(sent).AsTask();
        var received = new MemoryStream();
        var buffer = new byte[5000];
        while (received.Length < sent.Length)
            received.Write(buffer, 0, await server.ReadAsync(buffer));
        received.ToArray().AsSpan().SequenceEqual(sent).Should().BeTrue();
        await write;
    }

    [Test]
    public async Task A_closed_end_lets_the_other_read_what_is_left_and_then_the_end()
    {
        var (client, server) = InMemoryPipe.Create();
        await client.WriteAsync("bye"u8.ToArray());
        await client.DisposeAsync();
        (await ReadAsync(server)).Should().Be("bye");
        (await server.ReadAsync(new byte[10])).Should().Be(0);
        await FluentActions.Awaiting(() => server.WriteAsync(new byte[1]).AsTask()).Should().ThrowAsync<IOException>();
    }

    [Test]
    public async Task Closing_an_end_lets_go_whoever_waits_on_either()
    {
        var (client, server) = InMemoryPipe.Create(capacity: 10);
        var write = client.WriteAsync(new byte[20]).AsTask();
        var read = server.ReadAsync(new byte[20]).AsTask();
        await read;
        var next = client.ReadAsync(new byte[1]).AsTask();
        await server.DisposeAsync();
        (await next).Should().Be(0);
        await FluentActions.Awaiting(() => client.WriteAsync(new byte[20]).AsTask()).Should().ThrowAsync<IOException>();
        await write.ContinueWith(_ => { }, TaskScheduler.Default);
        await FluentActions.Awaiting(() => server.ReadAsync(new byte[1]).AsTask()).Should().ThrowAsync<ObjectDisposedException>();
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        var buffer = new byte[100];
        var count = await stream.ReadAsync(buffer);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, count);
    }
}
