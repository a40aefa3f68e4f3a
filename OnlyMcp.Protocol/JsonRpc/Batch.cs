using System.Buffers;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Several messages in one array, which 2025-03-26 alone knows.</summary>
/// <remarks>Spec: 2025-03-26 basic §Batching</remarks>
public static class Batch
{
    /// <summary>How many messages a batch may hold unless told otherwise.</summary>
    public const int DefaultMaxCount = 100;

    /// <summary>How deep a message of ours may nest: as deep as the framework writes.</summary>
    private const int WriterDepth = 1000;

    /// <summary>Cuts a batch into its messages' bytes.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no JSON (-32700), no array, empty or too many (-32600).</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(
        ReadOnlyMemory<byte> utf8, int maxCount = DefaultMaxCount, int maxDepth = JsonRpcReader.DefaultMaxDepth)
    {
        try
        {
            return SplitArray(utf8, maxCount, maxDepth);
        }
        catch (JsonException fault)
        {
            throw new MalformedMessageException(
                ErrorCode.ParseError, $"The batch is not valid JSON: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>
    /// A message as it will stand in a batch: one that cannot be written shows now, while its own request can still be told so.
    /// </summary>
    public static JsonRpcMessage Written(JsonRpcMessage message) => JsonRpcReader.Parse(JsonRpcWriter.ToBytes(message), WriterDepth);

    /// <summary>Appends messages as one array, without a line break.</summary>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<JsonRpcMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(messages);
        for (var i = 0; i < messages.Count; i++)
        {
            output.Write(i == 0 ? "["u8 : ","u8);
            JsonRpcWriter.Write(output, messages[i]);
        }

        output.Write(messages.Count == 0 ? "[]"u8 : "]"u8);
    }

    private static List<ReadOnlyMemory<byte>> SplitArray(ReadOnlyMemory<byte> utf8, int maxCount, int maxDepth)
    {
        var messages = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            throw new MalformedMessageException(ErrorCode.InvalidRequest, "A batch is a JSON array.");

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            JsonRpcReader.Pass(ref reader);
            messages.Add(utf8[start..(int)reader.BytesConsumed]);
        }

        while (reader.Read())
        {
        }

        return messages.Count switch
        {
            0 => throw new MalformedMessageException(ErrorCode.InvalidRequest, "A batch holds at least one message."),
            var count when count > maxCount => throw new MalformedMessageException(
                ErrorCode.InvalidRequest, $"A batch holds at most {maxCount} messages here; this one holds {count}."),
            _ => messages,
        };
    }
}
