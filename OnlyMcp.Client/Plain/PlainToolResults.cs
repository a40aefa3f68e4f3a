using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Plain;

/// <summary>
/// Reads by hand what most tools answer: text, and what every result carries, each member once. Whatever else there is goes to the contract
/// of the type, which alone says what is wrong with an answer.
/// </summary>
/// <remarks>
/// The contract reads part by part, and each part costs more than all that is in a short answer. The metadata of a server's answers hardly
/// ever differ: those of the last one are kept, and are those of the next if that has the same bytes.
/// </remarks>
internal sealed class PlainToolResults
{
    /// <summary>Nothing that is long should be read twice.</summary>
    private const int MostBytes = 16 * 1024;

    private KnownMetadata? last;

    /// <summary>The result; null for the contract to read.</summary>
    public CallToolResult? Read(JsonBody result)
    {
        if (result.Value is not null || result.ToUtf8() is { Length: 0 or > MostBytes })
            return null;

        var utf8 = result.ToUtf8().Span;
        var reader = new Utf8JsonReader(utf8);
        ContentBlock[]? content = null;
        IReadOnlyDictionary<string, JsonElement>? meta = null;
        string? type = null;
        bool? isError = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isPlain = reader.ValueTextEquals("content"u8) ? TryReadContent(ref reader, ref content)
                : reader.ValueTextEquals("resultType"u8) ? TryReadType(ref reader, ref type)
                : reader.ValueTextEquals("isError"u8) ? TryReadFlag(ref reader, ref isError)
                : reader.ValueTextEquals("_meta"u8) && TryReadMetadata(ref reader, utf8, ref meta);
            if (!isPlain)
                return null;
        }

        return content is null ? null : new CallToolResult { Content = content, ResultType = type, IsError = isError, Meta = meta };
    }

    /// <summary>Keeps the metadata of a result that the contract has read, for the next.</summary>
    public void Note(JsonBody result, CallToolResult read)
    {
        if (read.Meta is null || result.Value is not null)
            return;

        var utf8 = result.ToUtf8();
        var reader = new Utf8JsonReader(utf8.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMeta = reader.ValueTextEquals("_meta"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isMeta && reader.BytesConsumed - start <= KnownMetadata.MostBytes)
                last = new KnownMetadata(utf8[start..(int)reader.BytesConsumed].ToArray(), read.Meta);
        }
    }

    private static bool TryReadContent(ref Utf8JsonReader reader, ref ContentBlock[]? content)
    {
        // Several pieces are rarer than one, and no longer worth the trouble.
        if (content is not null || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return false;
        if (!reader.Read() || !TryReadText(ref reader, out var text) || !reader.Read() || reader.TokenType != JsonTokenType.EndArray)
            return false;

        content = [new TextContent { Text = text }];
        return true;
    }

    private static bool TryReadText(ref Utf8JsonReader reader, out string text)
    {
        text = "";
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        bool hasType = false, hasText = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!hasType && reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                hasType = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("text"u8);
                if (!hasType)
                    return false;
            }
            else if (!hasText && reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                hasText = reader.TokenType == JsonTokenType.String;
                if (!hasText)
                    return false;
                text = reader.GetString()!;
            }
            else
            {
                return false;
            }
        }

        return hasType && hasText;
    }

    private static bool TryReadType(ref Utf8JsonReader reader, ref string? type)
    {
        reader.Read();
        if (type is not null || reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals(ResultTypes.Complete))
            return false;

        type = ResultTypes.Complete;
        return true;
    }

    private static bool TryReadFlag(ref Utf8JsonReader reader, ref bool? flag)
    {
        reader.Read();
        if (flag is not null || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            return false;

        flag = reader.GetBoolean();
        return true;
    }

    private bool TryReadMetadata(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref IReadOnlyDictionary<string, JsonElement>? meta)
    {
        var known = last;
        if (meta is not null || known is null || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (!utf8[start..(int)reader.BytesConsumed].SequenceEqual(known.Utf8))
            return false;

        meta = known.Members;
        return true;
    }

    /// <summary>Metadata that came, and what was read from it.</summary>
    private sealed record KnownMetadata(byte[] Utf8, IReadOnlyDictionary<string, JsonElement> Members)
    {
        public const int MostBytes = 4096;
    }
}
