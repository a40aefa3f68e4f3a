using System.Buffers;
using System.Text;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Tests.Client;

/// <summary>The body of a POST lies in a buffer of the pool.</summary>
public sealed class MessageContentTests
{
    private static readonly JsonRpcNotification Message = new("notifications/news", new JsonBody(Encoding.UTF8.GetBytes($"\"{new string('a', 900)}\"")));

    [Test]
    public async Task It_can_be_sent_again_until_it_is_released_and_not_after()
    {
        var content = new MessageContent(Message);
        for (var i = 0; i < 2; i++)
        {
            using var sent = new MemoryStream();
            await content.CopyToAsync(sent);
            sent.ToArray().Should().Equal(JsonRpcWriter.ToBytes(Message));
        }

        content.Release();
        content.Release();

        await content.Awaiting(late => late.CopyToAsync(new MemoryStream())).Should()
            .ThrowAsync<HttpRequestException>().WithInnerException(typeof(ObjectDisposedException));
    }

    [Test]
    public async Task An_answer_that_overtakes_the_body_does_not_give_its_bytes_to_somebody_else()
    {
        var content = new MessageContent(Message);
        using var slow = new SlowStream();
        var sending = content.CopyToAsync(slow);
        var bytes = await slow.Sent;

        content.Release();
        var rented = Enumerable.Range(0, 64).Select(_ => ArrayPool<byte>.Shared.Rent(bytes.Length)).ToList();
        rented.ForEach(other => other.AsSpan().Fill((byte)'x'));
        var left = bytes.ToArray();
        slow.GoOn();
        await sending;
        rented.ForEach(other => ArrayPool<byte>.Shared.Return(other));

        left.Should().Equal(JsonRpcWriter.ToBytes(Message));
    }

    /// <summary>Takes a write and does not end it yet.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private readonly TaskCompletionSource<ReadOnlyMemory<byte>> sent = new();
        private readonly TaskCompletionSource goOn = new();

        public Task<ReadOnlyMemory<byte>> Sent => sent.Task;

        public void GoOn() => goOn.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            sent.SetResult(buffer);
            await goOn.Task;
        }
    }
}
