using System.Text;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

[Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages")]
public sealed class SseReaderTests
{
    [TestCase("data: a\n\n")]
    [TestCase("data: a\r\n\r\n")]
    [TestCase("data: a\r\r")]
    [TestCase("data:a\n\r\n")]
    [TestCase("\uFEFFdata: a\n\n")]
    [TestCase(": comment\n:\ndata: a\nunknown: x\nnocolon\n\n")]
    [TestCase("\n\n\ndata: a\n\n")]
    [TestCase("data: a\n\ndata: cut off")]
    [TestCase("data: a\n\ndata: cut off\n")]
    public async Task One_event_is_read_wherever_the_chunks_end(string text)
    {
        for (var size = 1; size <= Encoding.UTF8.GetByteCount(text); size++)
            (await ReadAsync(text, size)).Should().Equal(["message:a"], $"chunks have {size} bytes");
    }

    [TestCase("event: endpoint\ndata: /messages\n\n", "endpoint:/messages")]
    [TestCase("data: one\ndata: two\ndata\ndata:\n\n", "message:one\ntwo\n\n")]
    [TestCase("data:  two spaces\n\n", "message: two spaces")]
    [TestCase("data:\n\n", "message:")]
    [TestCase("event:\ndata: a\n\n", "message:a")]
    public async Task Fields_make_an_event(string text, string expected) => (await ReadAsync(text, 3)).Should().Equal(expected);

    [TestCase("event: ping\n\n")]
    [TestCase("id: 1\n\n")]
    [TestCase("\uFEFF")]
    [TestCase("")]
    public async Task Without_data_there_is_no_event(string text) => (await ReadAsync(text, 2)).Should().BeEmpty();

    [Test]
    public async Task The_last_id_and_the_wait_before_reconnecting_are_kept()
    {
        using var reader = Over("id: 7\nretry: 1500\ndata: a\n\nretry: soon\nid: bad\0id\ndata: b\n\nid\ndata: c\n\n");

        await reader.ReadAsync(default);
        (reader.LastEventId, reader.Retry).Should().Be(("7", TimeSpan.FromMilliseconds(1500)));
        await reader.ReadAsync(default);
        (reader.LastEventId, reader.Retry).Should().Be(("7", TimeSpan.FromMilliseconds(1500)));
        await reader.ReadAsync(default);
        reader.LastEventId.Should().BeEmpty("an empty id takes the last one back");
    }

    [Test]
    public async Task A_hundred_thousand_comments_are_passed_over_on_a_flat_stack()
    {
        var text = string.Concat(Enumerable.Repeat(":\n", 100_000)) + "data: a\n\n";

        (await ReadAsync(text, 5000)).Should().Equal("message:a");
    }

    [Test]
    public async Task An_endless_line_and_an_endless_event_are_cut_off()
    {
        foreach (var text in new[] { new string('x', 2000), "data: " + new string('x', 2000), string.Concat(Enumerable.Repeat("data: 12345678\n", 200)) })
        {
            using var reader = new SseReader(new Chunks(Encoding.UTF8.GetBytes(text), 100), maxEventBytes: 1000);
            var reading = async () => await reader.ReadAsync(default);
            await reading.Should().ThrowAsync<ProtocolFaultException>().WithMessage("*longer than the 1000 bytes*");
        }
    }

    private static SseReader Over(string text, int size = 4) => new(new Chunks(Encoding.UTF8.GetBytes(text), size));

    private static async Task<List<string>> ReadAsync(string text, int size)
    {
        using var reader = Over(text, size);
        var events = new List<string>();
        while (await reader.ReadAsync(default) is { } read)
            events.Add($"{read.Type}:{Encoding.UTF8.GetString(read.Data.Span)}");
        return events;
    }

    private sealed class Chunks(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
