using System.Buffers;
using System.Globalization;
using System.Text;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Writes server-sent events: each a few lines of text and an empty line behind them.</summary>
/// <remarks>
/// The format is the WHATWG's (HTML Living Standard, "Server-sent events").
/// Spec: 2026-07-28 basic/transports/streamable-http §Receiving Messages
/// </remarks>
public static class SseWriter
{
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n\0");

    /// <summary>Appends a message as an event of its own; with an id where the stream can be resumed.</summary>
    public static void WriteMessage(IBufferWriter<byte> output, JsonRpcMessage message, string? id = null)
    {
        BeginMessage(output, id);
        JsonRpcWriter.Write(output, message);
        output.Write("\n\n"u8);
    }

    /// <summary>Appends a message that is written already, as <see cref="JsonRpcWriter"/> writes it: on one line.</summary>
    public static void WriteMessage(IBufferWriter<byte> output, ReadOnlySpan<byte> message, string? id = null)
    {
        BeginMessage(output, id);
        output.Write(message);
        output.Write("\n\n"u8);
    }

    /// <summary>Appends an event.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="data">Its text; each line becomes a line of its own, so that the reader gets it back as it was.</param>
    /// <param name="eventName">Its name; without one readers call it <c>message</c>.</param>
    /// <param name="id">What a reader may name to go on behind this event.</param>
    /// <param name="retry">How long a reader should wait before it connects again.</param>
    public static void WriteEvent(
        IBufferWriter<byte> output, string data, string? eventName = null, string? id = null, TimeSpan? retry = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(data);
        WriteId(output, id);
        if (eventName is not null)
            WriteLine(output, "event: ", OneLine(eventName, nameof(eventName)));
        if (retry is { } wait)
            WriteLine(output, "retry: ", ((long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        foreach (var line in data.ReplaceLineEndings("\n").Split('\n'))
            WriteLine(output, "data: ", line);
        output.Write("\n"u8);
    }

    /// <summary>Appends a comment, which readers pass over: it keeps a silent stream alive, and shows whether anybody is there.</summary>
    public static void WriteComment(IBufferWriter<byte> output, string text = "")
    {
        ArgumentNullException.ThrowIfNull(output);
        WriteLine(output, ":", OneLine(text, nameof(text)));
        output.Write("\n"u8);
    }

    private static void BeginMessage(IBufferWriter<byte> output, string? id)
    {
        ArgumentNullException.ThrowIfNull(output);
        WriteId(output, id);

        // A message is one line of JSON, so that it needs no splitting.
        output.Write("event: message\ndata: "u8);
    }

    private static void WriteId(IBufferWriter<byte> output, string? id)
    {
        if (id is not null)
            WriteLine(output, "id: ", OneLine(id, nameof(id)));
    }

    private static void WriteLine(IBufferWriter<byte> output, string field, string value)
    {
        Encoding.UTF8.GetBytes(field, output);
        Encoding.UTF8.GetBytes(value, output);
        output.Write("\n"u8);
    }

    private static string OneLine(string value, string parameter)
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        return value.AsSpan().IndexOfAny(LineBreaks) < 0
            ? value
            : throw new ArgumentException("A line break or NUL would end the line in the middle.", parameter);
    }
}
