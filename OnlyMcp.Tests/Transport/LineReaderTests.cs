using System.Runtime.InteropServices;
using System.Text;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transport;

[Spec("2026-07-28 basic/transports/stdio §Sending Messages")]
public sealed class LineReaderTests
{
    [TestCase("a\nb\n", "a", "b")]
    [TestCase("a\r\nb\r\n", "a", "b")]
    [TestCase("a\nb", "a", "b")]
    [TestCase("\n\n a \n\r\n  \t\nb\n\n", " a ", "b")]
    [TestCase("\uFEFFa\n\uFEFFb\n", "a", "\uFEFFb")]
    [TestCase("\uFEFF\na", "a")]
    [TestCase("a\rb\n", "a\rb")]
    [TestCase("12345678901234567890\r\nb", "12345678901234567890", "b")]
    [TestCase("")]
    [TestCase("\n")]
    public async Task Lines_are_cut_at_line_feeds_however_the_bytes_arrive(string text, params string[] lines)
    {
        foreach (var chunk in new[] { 1, 2, 3, 7, 1000 })
            (await ReadAllAsync(text, chunk)).Should().Equal(lines.Select(line => (line, false)), $"they come {chunk} at a time");
    }

    [Test]
    public async Task A_line_that_is_too_long_is_reported_by_its_first_bytes_and_reading_goes_on()
    {
        var tooLong = new string('x', 5000);
        foreach (var chunk in new[] { 1, 100, 100_000 })
        {
            var lines = await ReadAllAsync($"a\n{tooLong}\nb\n{tooLong}", chunk);
            lines.Should().Equal(("a", false), (tooLong[..1024], true), ("b", false), (tooLong[..1024], true));
        }
    }

    [Test]
    public async Task The_longest_line_allowed_passes_with_each_line_end()
    {
        var longest = new string('x', 20);
        (await ReadAllAsync($"{longest}\n{longest}\r\n{longest}x\n{longest}", 3, maxLineBytes: 20))
            .Should().Equal((longest, false), (longest, false), (longest + "x", true), (longest, false));
    }

    [Test]
    public async Task An_endless_line_is_reported_at_once_and_fills_no_memory()
    {
        using var endless = new EndlessStream();
        var reader = new LineReader(endless, 10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        (await reader.ReadAsync(default)).Should().Match<Line?>(line => line!.Value.IsTooLong);

        endless.EndAfter(100_000_000);
        (await reader.ReadAsync(default)).Should().BeNull();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000_000);
    }

    [Test]
    public async Task A_line_stays_valid_when_more_is_read()
    {
        var reader = new LineReader(new MemoryStream("first\nsecond\n"u8.ToArray()), 100);
        var first = await reader.ReadAsync(default);
        await reader.ReadAsync(default);
        Encoding.UTF8.GetString(first!.Value.Bytes.Span).Should().Be("first");
    }

    [Test]
    public async Task What_lies_here_already_is_read_without_a_look_at_the_stream()
    {
        var reader = new LineReader(new MemoryStream("first\nsecond\nthi"u8.ToArray()), 100) { Blocks = true, RentsLines = true };
        reader.HasLine.Should().BeFalse("nothing has been read yet");
        reader.TryRead(out _).Should().BeFalse();

        var first = await reader.ReadAsync(default);
        reader.HasLine.Should().BeTrue();
        reader.TryRead(out var second).Should().BeTrue();
        reader.HasLine.Should().BeFalse("the third has no end");
        reader.TryRead(out _).Should().BeFalse();
        var third = await reader.ReadAsync(default);
        new[] { first!.Value, second, third!.Value }.Select(line => Encoding.UTF8.GetString(line.Bytes.Span)).Should().Equal("first", "second", "thi");
        (await reader.ReadAsync(default)).Should().BeNull();
    }

    [Test]
    public async Task A_line_that_was_given_back_makes_room_for_another()
    {
        var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 3000) + "\n", 1000)))), 4000) { Blocks = true, RentsLines = true };
        (await reader.ReadAsync(default))!.Value.Return();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 1000; i++)
            (await reader.ReadAsync(default))!.Value.Return();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(500_000, "the lines alone have 3,000,000");
    }

    [TestCase(1024 * 1024, true)]
    [TestCase(3 * 1024 * 1024, false)]
    public void A_long_line_that_was_given_back_does_not_stay_in_the_pool(int bytes, bool isPooled)
    {
        // On a thread of its own: what a thread has given back, it is the first to get again.
        var again = false;
        var thread = new Thread(() => again = ReferenceEquals(Returned(bytes), Returned(bytes)));
        thread.Start();
        thread.Join();

        again.Should().Be(isPooled);

        static byte[] Returned(int bytes)
        {
            var text = new byte[bytes];
            Array.Fill(text, (byte)'x');
            var reader = new LineReader(new MemoryStream(text), bytes) { Blocks = true, RentsLines = true };
            var line = reader.ReadAsync(default).AsTask().GetAwaiter().GetResult()!.Value;
            line.Return();
            return MemoryMarshal.TryGetArray(line.Bytes, out var segment) ? segment.Array! : [];
        }
    }

    private static async Task<List<(string Text, bool IsTooLong)>> ReadAllAsync(string text, int chunk, int maxLineBytes = 2000)
    {
        var reader = new LineReader(new ChunkedStream(Encoding.UTF8.GetBytes(text), chunk), maxLineBytes);
        var lines = new List<(string, bool)>();
        while (await reader.ReadAsync(default) is { } line)
            lines.Add((Encoding.UTF8.GetString(line.Bytes.Span), line.IsTooLong));
        return lines;
    }

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }

    private sealed class EndlessStream : MemoryStream
    {
        private long left = long.MaxValue;

        public void EndAfter(long count) => left = count;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, left);
            left -= count;
            buffer.Span[..count].Fill((byte)'x');
            return new(count);
        }
    }
}
