using System.Buffers;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Bytes that grow as they are written, in an array that goes back to the pool when the buffer is disposed.</summary>
/// <remarks>
/// An array of more than 1 MiB is no matter of the pool's: that gives nothing back to the system until a full collection happens to
/// come, and a process that waits for its next client collects nothing.
/// </remarks>
public sealed class PooledBuffer(int initialCapacity = 1024) : IBufferWriter<byte>, IDisposable
{
    internal const int LongestPooled = 1024 * 1024;

    private byte[]? array = Rent(initialCapacity);

    /// <summary>How many bytes have been written.</summary>
    public int Length { get; private set; }

    /// <summary>How long it is going to be, where that is known: it does not grow beyond, unless it must.</summary>
    public int ExpectedLength { get; set; }

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
            Return(rented);
    }

    private static byte[] Rent(int length) =>
        length <= LongestPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    private static void Return(byte[] array)
    {
        if (array.Length <= LongestPooled)
            ArrayPool<byte>.Shared.Return(array);
    }

    private void EnsureRoom(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (Array.Length - Length >= needed)
            return;

        var least = checked(Length + needed);
        var doubled = (int)Math.Min(Array.Length * 2L, System.Array.MaxLength);
        var larger = Rent(Math.Max(least, ExpectedLength >= least ? Math.Min(doubled, ExpectedLength) : doubled));
        Array.AsSpan(0, Length).CopyTo(larger);
        Return(Array);
        array = larger;
    }
}
