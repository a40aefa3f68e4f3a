using System.Text;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Stdio;

/// <summary>Reads what a server writes to its standard error: hands on each line, keeps the last ones for when it dies.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/stdio §Receiving Messages</remarks>
internal sealed class StandardErrorReader
{
    /// <summary>How many lines are kept.</summary>
    public const int TailLines = 20;

    private readonly Queue<string> tail = new();
    private readonly Action<string>? told;

    /// <summary>Reads until the end, whether anybody listens or not: a server whose standard error is full would stand still.</summary>
    public StandardErrorReader(Stream stream, Action<string>? told)
    {
        this.told = told;
        Ended = Task.Run(() => ReadAsync(new LineReader(stream, LineReader.HeadBytes)));
    }

    /// <summary>Completes at the end of the stream, and never fails.</summary>
    public Task Ended { get; }

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (tail)
                return [.. tail];
        }
    }

    private async Task ReadAsync(LineReader reader)
    {
        try
        {
            while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
                Take(Encoding.UTF8.GetString(line.Bytes.Span) + (line.IsTooLong ? "..." : ""));
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // The process, or this transport, is gone: the tail is what there is.
        }
    }

    private void Take(string line)
    {
        lock (tail)
        {
            tail.Enqueue(line);
            if (tail.Count > TailLines)
                tail.Dequeue();
        }

        try
        {
            told?.Invoke(line);
        }
        catch (Exception)
        {
            // The listener's own fault must not stop the reading, which would stop the server.
        }
    }
}
