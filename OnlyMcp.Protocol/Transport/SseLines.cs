using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Cuts the bytes of an event stream into lines, which end with CR, LF or CR LF, wherever a chunk ends.</summary>
internal sealed class SseLines(Stream stream, int maxLineBytes) : IDisposable
{
    private readonly byte[] chunk = new byte[4096];
    private readonly PooledBuffer line = new();
    private int next;
    private int end;
    private bool atStart = true;
    private bool afterCarriageReturn;

    /// <summary>The line without its end, until the next move.</summary>
    public ReadOnlyMemory<byte> Current => line.Written;

    /// <summary>Reads the next line; false at the end of the stream, whose unfinished last line is dropped.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        line.Clear();
        while (!TakeLine())
        {
            next = 0;
            end = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false);
            if (end == 0)
                return false;
        }

        return true;
    }

    public void Dispose() => line.Dispose();

    private bool TakeLine()
    {
        SkipLineFeedOfCrLf();
        var rest = chunk.AsSpan(next, end - next);
        var length = rest.IndexOfAny((byte)'\r', (byte)'\n');
        Append(length < 0 ? rest : rest[..length]);
        if (length < 0)
            return false;

        afterCarriageReturn = rest[length] == '\r';
        next += length + 1;
        DropByteOrderMark();
        return true;
    }

    private void SkipLineFeedOfCrLf()
    {
        if (!afterCarriageReturn || next == end)
            return;

        afterCarriageReturn = false;
        if (chunk[next] == '\n')
            next++;
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        if (line.Length + part.Length > maxLineBytes)
        {
            throw new ProtocolFaultException(
                $"A line of the event stream is longer than the {maxLineBytes} bytes that are allowed.", line.Written.Span);
        }

        line.Write(part);
    }

    private void DropByteOrderMark()
    {
        if (atStart && line.Written.Span.StartsWith("\uFEFF"u8))
        {
            var rest = line.Written.Span[3..].ToArray();
            line.Clear();
            line.Write(rest);
        }

        atStart = false;
    }
}
