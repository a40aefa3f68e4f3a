using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace OnlyMcp.Protocol.Testing;

/// <summary>Two connected streams in memory: what is written to one is read from the other.</summary>
/// <remarks>
/// A side that does not read slows the other down after <c>capacity</c> bytes. When one side is disposed, the other reads what is
/// left and then the end, and its writes fail with an <see cref="IOException"/>.
/// </remarks>
public static class InMemoryPipe
{
    /// <summary>How many bytes may wait to be read in each direction unless told otherwise.</summary>
    public const int DefaultCapacity = 64 * 1024;

    /// <summary>Makes a pair of connected streams.</summary>
    /// <param name="capacity">How many bytes may wait to be read in each direction before a writer has to wait.</param>
    public static (Stream Client, Stream Server) Create(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        var options = new PipeOptions(
            pauseWriterThreshold: capacity, resumeWriterThreshold: (capacity + 1) / 2, useSynchronizationContext: false);
        var toServer = new Pipe(options);
        var toClient = new Pipe(options);
        return (new End(toClient.Reader, toServer.Writer), new End(toServer.Reader, toClient.Writer));
    }

    private sealed class End(PipeReader reader, PipeWriter writer) : Stream
    {
        private readonly Lock gate = new();
        private volatile bool disposed;

        public override bool CanRead => !disposed;

        public override bool CanWrite => !disposed;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            try
            {
                var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                lock (gate)
                    return disposed ? 0 : Take(read.Buffer, buffer.Span);
            }
            catch (InvalidOperationException) when (disposed)
            {
                return 0; // Disposed while it waited.
            }
        }

        private int Take(ReadOnlySequence<byte> source, Span<byte> target)
        {
            var count = (int)Math.Min(source.Length, target.Length);
            var taken = source.Slice(0, count);
            taken.CopyTo(target);
            reader.AdvanceTo(taken.End); // From here on the segments belong to the writer again.
            return count;
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var flushed = await writer.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (flushed.IsCompleted)
                throw new IOException("The other end of the pipe is closed.");
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) =>
            ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

        public override void Write(byte[] buffer, int offset, int count) =>
            WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            lock (gate)
            {
                if (!disposed)
                {
                    disposed = true;
                    reader.CancelPendingRead();
                    reader.Complete();
                    writer.Complete();
                }
            }

            base.Dispose(disposing);
        }
    }
}
