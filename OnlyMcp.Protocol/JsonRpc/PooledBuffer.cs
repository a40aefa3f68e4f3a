using System.Buffers;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Bytes that grow as they are written, in an array that goes back to the pool when the buffer is disposed.</summary>
public sealed class PooledBuffer(int initialCapacity = 1024) : IBufferWriter<byte>, IDisposable
{
    private byte[]? array = ArrayPool<byte>.Shared.Rent(initialCapacity);

    /// <summary>How many bytes have been written.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written, until the buffer is disposed or cleared.</summary>
    public ReadOnlyMemory<byte> Written => Array.AsMemory(0, Length);

    internal int Capacity => Array.Length;

    private byte[] Array => array ?? throw new ObjectDisposedException(nameof(PooledBuffer));

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return Array.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return Array.AsSpan(Length);
    }

    /// <summary>Appends bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Takes back the last bytes.</summary>
    internal void TakeBack(int count) => Length -= count;

    /// <summary>Forgets what was written and keeps the array.</summary>
    public void Clear() => Length = 0;

    /// <summary>Gives the array back; what was read from it is no longer valid.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref array, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private void EnsureRoom(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (Array.Length - Length >= needed)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + needed), Array.Length * 2));
        Array.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(Array);
        array = larger;
    }
}
