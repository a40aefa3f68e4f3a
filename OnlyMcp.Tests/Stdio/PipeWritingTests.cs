using System.Text;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Stdio;

/// <summary>How the answers to what came together leave.</summary>
[Spec("2026-07-28 basic/transports/stdio §Sending Messages")]
public sealed class PipeWritingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Answers_to_what_came_together_leave_together_and_in_order()
    {
        const int Count = 3000;
        using var output = new CountingStream();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(Pings(Count)));
        await new McpServer("writing", "1.0.0").ServeAsync(input, output).WaitAsync(Patience);

        Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(Count);
        output.Writes.Should().BeLessThan(Count / 2, "only what comes after something slow is written alone, and the first calls are");
    }

    [Test]
    public async Task A_client_that_is_gone_when_what_was_gathered_leaves_ends_the_server()
    {
        var (client, input) = InMemoryPipe.Create();
        using var output = new BrokenStream();
        var serving = new McpServer("writing", "1.0.0").ServeAsync(input, output);
        await client.WriteAsync(Encoding.UTF8.GetBytes(Pings(90)));

        await serving.WaitAsync(Patience);
    }

    private static string Pings(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"jsonrpc":"2.0","id":{{i}},"method":"ping"}""" + '\n'));

    private sealed class CountingStream : MemoryStream
    {
        public int Writes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Nobody reads.");
    }
}
