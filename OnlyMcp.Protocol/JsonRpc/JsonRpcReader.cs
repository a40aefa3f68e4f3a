using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Parses bytes to messages: one pass over the envelope, no document model, params and result left as bytes.</summary>
/// <remarks>
/// Keys are matched case-sensitively. A duplicate key of the envelope is refused, and so is one that differs from a key of the
/// envelope in case alone: two readers of such a message could see two different ones.
/// Spec: 2026-07-28 basic §Messages
/// </remarks>
public static class JsonRpcReader
{
    /// <summary>How deep a message may nest unless told otherwise.</summary>
    public const int DefaultMaxDepth = 64;

    /// <summary>Parses one message. The message refers to <paramref name="utf8"/>, which must not change while it is in use.</summary>
    /// <exception cref="MalformedMessageException">
    /// The bytes are no JSON (-32700) or no message (-32600); carries the id if it could be read.
    /// </exception>
    public static JsonRpcMessage Parse(ReadOnlyMemory<byte> utf8, int maxDepth = DefaultMaxDepth)
    {
        // MUST: JSON-RPC messages are encoded in UTF-8.
        if (!Utf8.IsValid(utf8.Span))
            throw new MalformedMessageException(ErrorCode.ParseError, "The message is not valid UTF-8.");

        try
        {
            return ReadEnvelope(utf8, maxDepth).ToMessage();
        }
        catch (JsonException fault)
        {
            throw new MalformedMessageException(
                ErrorCode.ParseError, $"The message is not valid JSON: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>
    /// What is said about a message that was too long to be read to its end: carries the id if it stands in the message's first
    /// bytes, so that the one who sent it need not wait in vain.
    /// </summary>
    public static MalformedMessageException TooLong(ReadOnlyMemory<byte> head, int maxBytes)
    {
        var envelope = new JsonRpcEnvelope(head);
        try
        {
            var reader = new Utf8JsonReader(head.Span, isFinalBlock: false, default);
            while (reader.Read() && reader.CurrentDepth <= 1 && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.PropertyName)
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                    envelope.ReadMember(ref reader);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            // The bytes end, or are broken, somewhere; what was read before that counts.
        }

        return envelope.Malformed($"The message is longer than {maxBytes} bytes, which is the limit here.");
    }

    /// <summary>Whether the bytes begin an array: a batch, which only 2025-03-26 knows.</summary>
    public static bool IsArray(ReadOnlySpan<byte> utf8)
    {
        var start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
        return start >= 0 && utf8[start] == (byte)'[';
    }

    private static JsonRpcEnvelope ReadEnvelope(ReadOnlyMemory<byte> utf8, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = maxDepth });
        var envelope = new JsonRpcEnvelope(utf8);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                envelope.ReadMember(ref reader);
        }
        else
        {
            // A value that is no object may still be broken further on; broken JSON is the graver fault.
            Pass(ref reader);
            envelope.Fault("A message is a JSON object.");
        }

        // Reads to the end, so that anything behind the message is reported.
        while (reader.Read())
        {
        }

        return envelope;
    }

    /// <summary>Moves from a value's first token to its last, refusing half surrogate pairs on the way.</summary>
    internal static void Pass(ref Utf8JsonReader reader)
    {
        RefuseHalfSurrogates(ref reader);
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
            RefuseHalfSurrogates(ref reader);
    }

    /// <summary>"\ud800" is grammatical JSON, and no text: the framework would throw about it much later, in the middle of a tool.</summary>
    internal static void RefuseHalfSurrogates(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped && HoldsHalfSurrogate(reader.ValueSpan))
            throw new JsonException("a string holds half of a surrogate pair, which is no text");
    }

    /// <summary>Looks at the escapes alone: bytes that are valid UTF-8 hold no halves. The text itself may be long, and is not built.</summary>
    private static bool HoldsHalfSurrogate(ReadOnlySpan<byte> text)
    {
        const int Escape = 6; // as long as \ud83d
        while (text.IndexOf((byte)'\\') is >= 0 and var at)
        {
            text = text[at..];
            if (text[1] != 'u')
            {
                text = text[2..];
                continue;
            }

            var unit = CodeUnit(text);
            text = text[Escape..];
            if (!char.IsSurrogate(unit))
                continue;
            if (!char.IsHighSurrogate(unit) || !text.StartsWith("\\u"u8) || !char.IsLowSurrogate(CodeUnit(text)))
                return true;
            text = text[Escape..];
        }

        return false;
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape) =>
        (char)int.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
