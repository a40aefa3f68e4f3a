using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>
/// Writes JSON as one line, whatever raw JSON a body brings along or a converter writes: a reader of lines, or of events, takes a line break
/// for the end. JSON has them only between tokens, where a space means as much.
/// </summary>
/// <remarks>Spec: 2026-07-28 basic/transports/stdio §Sending Messages</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A writer of JSON that has no buffer of its own holds nothing to give back.")]
internal sealed class OneLine : IBufferWriter<byte>
{
    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    private readonly Utf8JsonWriter json;
    private IBufferWriter<byte>? output;
    private Memory<byte> room;

    public OneLine() => json = new Utf8JsonWriter(this, JsonRpcWriter.Options);

    /// <summary>Begins to write; all of it has left once <see cref="End"/> was called.</summary>
    public Utf8JsonWriter BeginOn(IBufferWriter<byte> output)
    {
        this.output = output;
        json.Reset();
        return json;
    }

    public void End()
    {
        json.Flush();
        (output, room) = (null, default);
    }

    // MUST NOT: a message on stdio holds no line break.
    public void Advance(int count)
    {
        room.Span[..count].ReplaceAny(LineBreaks, (byte)' ');
        output!.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => room = output!.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
