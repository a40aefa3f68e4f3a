namespace OnlyMcp.Protocol.Testing;

/// <summary>
/// A stream on which what is written goes wrong as a plan says; reading is as good as ever, until the way is cut. A message is a line.
/// To have the other direction go wrong, put one around the other end.
/// </summary>
/// <remarks>A cut disposes the inner stream: the other side reads what has left and then the end; here writes fail and reads end.</remarks>
public sealed class FaultStream : Stream
{
    private readonly Stream inner;
    private readonly FaultPlan plan;
    private readonly PlannedFaults<byte[]> faults;
    private readonly List<byte> line = [];
    private readonly SemaphoreSlim turn = new(1, 1);
    private long written;
    private volatile bool cut;

    /// <summary>Has what is written to <paramref name="inner"/> go wrong.</summary>
    public FaultStream(Stream inner, FaultPlan plan)
    {
        this.inner = inner ?? throw new ArgumentNullException(nameof(inner));
        this.plan = plan ?? throw new ArgumentNullException(nameof(plan));
        faults = new PlannedFaults<byte[]>(plan, Garble, PassAsync, oneByOne: true);
    }

    /// <summary>Whether the way has been cut.</summary>
    public bool IsCut => cut;

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => inner.CanWrite;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return cut ? 0 : await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (cut && fault is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var part in buffer.ToArray())
            {
                line.Add(part);
                if (part == (byte)'\n')
                    await TakeLineAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => cut ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private ValueTask TakeLineAsync(CancellationToken cancellationToken)
    {
        if (faults.IsCut)
            throw Cut();

        byte[] whole = [.. line];
        line.Clear();
        return faults.TakeAsync(whole, cancellationToken);
    }

    private async ValueTask PassAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var room = plan.CutAfterBytes is { } most ? Math.Min(bytes.Length, most - written) : bytes.Length;
        written += room;
        if (cut)
            throw Cut();
        if (room > 0)
            await inner.WriteAsync(bytes.AsMemory(0, (int)room), cancellationToken).ConfigureAwait(false);
        if (room < bytes.Length)
            throw Cut();
    }

    private IOException Cut()
    {
        cut = true;
        inner.Dispose();
        return new IOException("The way was cut, as planned.");
    }

    /// <summary>Another byte in the place of one, never of the line's end: what follows is another message.</summary>
    private static byte[] Garble(byte[] whole, Random chance)
    {
        var garbled = (byte[])whole.Clone();
        if (garbled.Length > 1)
        {
            ref var unlucky = ref garbled[chance.Next(garbled.Length - 1)];
            var other = (byte)chance.Next(0x20, 0x100);
            unlucky = other == unlucky ? (byte)'?' : other;
        }

        return garbled;
    }
}
