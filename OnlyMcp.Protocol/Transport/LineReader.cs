using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Cuts a stream of bytes into lines: one message each.</summary>
/// <remarks>
/// Holds at most one line of the allowed length, whatever the other side sends. One caller at a time; the stream stays the caller's.
/// Spec: 2026-07-28 basic/transports/stdio §Sending Messages
/// </remarks>
/// <param name="stream">Where the bytes come from.</param>
/// <param name="maxLineBytes">How long a line may be, without its end.</param>
public sealed class LineReader(Stream stream, int maxLineBytes)
{
    /// <summary>How much of a line that is too long is kept, to say which one it was.</summary>
    public const int HeadBytes = 1024;

    private const int IdleCapacity = 16 * 1024;

    private byte[] buffer = new byte[IdleCapacity];
    private int start;
    private int scanned;
    private int end;
    private bool atStart = true;
    private bool passing;
    private bool ended;

    /// <summary>
    /// Whether a reader waits on its own thread. Spares two changes of threads for each read where the stream can only have another
    /// thread wait in the reader's place, as the runtime does for standard input; nothing cancels a wait then.
    /// </summary>
    public bool Blocks { get; init; }

    /// <summary>Whether lines of up to 1 MiB lie in arrays of the shared pool, for <see cref="Line.Return"/>.</summary>
    public bool RentsLines { get; init; }

    /// <summary>Whether one more line lies here already; only the stream's last line may do so unnoticed.</summary>
    public bool HasLine => buffer.AsSpan(scanned..end).Contains((byte)'\n');

    /// <summary>The next line that is not empty, if it lies here already: without a look at the stream.</summary>
    public bool TryRead(out Line line) => TryTake(out line);

    /// <summary>The next line that is not empty; null at the end of the stream. Its bytes are the caller's to keep.</summary>
    /// <exception cref="IOException">The stream is broken.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Line?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var line))
                return line;

            if (ended)
                return TakeLast();

            MakeRoom();
            var room = buffer.AsMemory(end);
            var count = Blocks ? stream.Read(room.Span) : await stream.ReadAsync(room, cancellationToken).ConfigureAwait(false);
            end += count;
            ended = count == 0;
        }
    }

    private bool TryTake(out Line line)
    {
        while (true)
        {
            var length = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
            if (length < 0)
                return TryGiveUp(out line);

            var from = start;
            var to = scanned + length;
            start = scanned = to + 1;
            if (Passed() || IsBlank(from, to))
                continue;

            line = Cut(from, to);
            return true;
        }
    }

    /// <summary>A line that is too long is reported as soon as that is certain: it may never end.</summary>
    private bool TryGiveUp(out Line line)
    {
        line = default;
        scanned = end;
        if (passing)
            start = end;
        if (end - start <= maxLineBytes + 1L) // one more for a \r whose \n has not come yet
            return false;

        line = Cut(start, end);
        start = end;
        return passing = true;
    }

    private Line? TakeLast()
    {
        var (from, to) = (start, end);
        start = scanned = end;
        return passing || IsBlank(from, to) ? null : Cut(from, to);
    }

    private bool Passed()
    {
        var passed = passing;
        passing = false;
        return passed;
    }

    private Line Cut(int from, int to)
    {
        var bytes = Trim(buffer.AsSpan(from..to));
        atStart = false;
        if (bytes.Length > maxLineBytes)
            return new Line(bytes[..Math.Min(HeadBytes, bytes.Length)].ToArray(), IsTooLong: true);
        if (!RentsLines || bytes.Length > PooledBuffer.LongestPooled)
            return new Line(bytes.ToArray(), IsTooLong: false);

        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented);
        return new Line(rented.AsMemory(0, bytes.Length), IsTooLong: false) { IsRented = true };
    }

    private ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> bytes)
    {
        // Choice: JSON text must not begin with a byte order mark, yet some editors and shells put one before a stream's first line.
        if (atStart && bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        return bytes.EndsWith("\r"u8) ? bytes[..^1] : bytes;
    }

    private bool IsBlank(int from, int to) => Trim(buffer.AsSpan(from..to)).IndexOfAnyExcept(" \t\r"u8) < 0;

    /// <summary>Moves what is left to the front; grows for a long line, and shrinks again behind it.</summary>
    private void MakeRoom()
    {
        var length = end - start;
        var larger = length == buffer.Length ? Math.Min(length * 2L, Math.Max(maxLineBytes + 2L, length + 1L)) : buffer.Length;
        var capacity = length == 0 ? IdleCapacity : (int)Math.Min(larger, Array.MaxLength);
        if (start == 0 && capacity == buffer.Length)
            return;

        var target = capacity == buffer.Length ? buffer : new byte[capacity];
        buffer.AsSpan(start, length).CopyTo(target);
        buffer = target;
        (scanned, end, start) = (scanned - start, length, 0);
    }
}

/// <summary>One line of a stream, without its end.</summary>
/// <param name="Bytes">The line; of one that is too long only its first <see cref="LineReader.HeadBytes"/>.</param>
/// <param name="IsTooLong">Whether the line is longer than allowed; the rest of it is read away.</param>
public readonly record struct Line(ReadOnlyMemory<byte> Bytes, bool IsTooLong)
{
    internal bool IsRented { get; init; }

    /// <summary>
    /// Gives the bytes back to where they were rented, if they were: nobody may look at them from then on. A line that is never given
    /// back is left to the garbage collector.
    /// </summary>
    public void Return()
    {
        if (IsRented && MemoryMarshal.TryGetArray(Bytes, out var rented))
            ArrayPool<byte>.Shared.Return(rented.Array!);
    }
}
