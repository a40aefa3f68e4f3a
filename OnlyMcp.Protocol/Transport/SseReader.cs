using System.Globalization;
using System.Text;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>One server-sent event, as it was dispatched by the blank line behind it.</summary>
/// <param name="Type">The event's name; <c>message</c> unless the stream says otherwise.</param>
/// <param name="Data">The data in UTF-8, its lines joined by a line feed; bytes of its own, which may be empty.</param>
public sealed record SseEvent(string Type, ReadOnlyMemory<byte> Data);

/// <summary>Reads server-sent events: one after another, each bounded in size, whatever the bounds of the chunks they arrive in.</summary>
/// <remarks>
/// Lines end with CR, LF or both. Comments, unknown fields and a byte order mark are passed over, and so is an event that the end
/// of the stream cuts off. Not for several readers at a time.
/// Spec: 2026-07-28 basic/transports/streamable-http §Receiving Messages
/// </remarks>
/// <param name="stream">The body to read.</param>
/// <param name="maxEventBytes">How long one line, and the data of one event, may be; more ends the reading.</param>
public sealed class SseReader(Stream stream, int maxEventBytes = SseReader.DefaultMaxEventBytes) : IDisposable
{
    /// <summary>How long the data of one event may be unless told otherwise: 16 MiB.</summary>
    public const int DefaultMaxEventBytes = 16 * 1024 * 1024;

    private readonly SseLines lines = new(stream, maxEventBytes);
    private readonly PooledBuffer data = new();
    private bool hasData;
    private string? type;
    private string? id;

    /// <summary>The id of the last whole event that carried one: where to resume the stream. Null until one did.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>How long the server asked to wait before reconnecting; null until it did.</summary>
    public TimeSpan? Retry { get; private set; }

    /// <summary>Waits for the next event; null at the end of the stream.</summary>
    /// <exception cref="ProtocolFaultException">A line or an event is longer than allowed.</exception>
    public async ValueTask<SseEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await lines.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (lines.Current.Length > 0)
                TakeField(lines.Current.Span);
            else if (Dispatch() is { } complete)
                return complete;
        }

        return null;
    }

    /// <summary>Gives the buffers back; the stream stays open.</summary>
    public void Dispose()
    {
        lines.Dispose();
        data.Dispose();
    }

    private SseEvent? Dispatch()
    {
        var complete = hasData ? new SseEvent(type ?? "message", data.Written.ToArray()) : null;
        LastEventId = id; // Only now: who resumes behind an event that was cut off never receives it.
        data.Clear();
        hasData = false;
        type = null;
        return complete;
    }

    private void TakeField(ReadOnlySpan<byte> line)
    {
        // A comment begins with a colon: its name is empty, and matches nothing.
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        if (value.StartsWith(" "u8))
            value = value[1..];

        if (name.SequenceEqual("data"u8))
            AppendData(value);
        else if (name.SequenceEqual("event"u8))
            type = value.IsEmpty ? null : Encoding.UTF8.GetString(value);
        else if (name.SequenceEqual("id"u8) && !value.Contains((byte)0))
            id = Encoding.UTF8.GetString(value);
        else if (name.SequenceEqual("retry"u8) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var wait))
            Retry = TimeSpan.FromMilliseconds(wait);
    }

    private void AppendData(ReadOnlySpan<byte> value)
    {
        if (data.Length + value.Length >= maxEventBytes)
            throw new ProtocolFaultException($"An event is longer than the {maxEventBytes} bytes that are allowed.", data.Written.Span);

        if (hasData)
            data.Write("\n"u8);
        data.Write(value);
        hasData = true;
    }
}
