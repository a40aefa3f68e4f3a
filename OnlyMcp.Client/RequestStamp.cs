using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

/// <summary>Puts <c>_meta</c> into the parameters of a request, beside what is there.</summary>
/// <remarks>Spec: 2026-07-28 basic §_meta</remarks>
internal static class RequestStamp
{
    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The parameters with their <c>_meta</c>: the caller's, the progress token, and the era's own keys, which win.</summary>
    public static JsonBody Apply(
        JsonBody parameters, RequestId id, RequestOptions? options, IReadOnlyCollection<KeyValuePair<string, JsonElement>> own)
    {
        var meta = new Dictionary<string, JsonElement>(options?.Meta ?? new Dictionary<string, JsonElement>());
        if (options?.WantsProgress == true)
            meta[MetaKeys.ProgressToken] = JsonSerializer.SerializeToElement(new ProgressToken(id), McpJson.Wire.ProgressToken);
        foreach (var (key, value) in own)
            meta[key] = value;
        return meta.Count == 0 ? parameters : new JsonBody(Merge(parameters.ToUtf8(), meta));
    }

    private static byte[] Merge(ReadOnlyMemory<byte> parameters, Dictionary<string, JsonElement> meta)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        var there = CopyAllButMeta(parameters.Span, writer);
        writer.WriteStartObject("_meta");
        foreach (var member in there.ValueKind == JsonValueKind.Object ? there.EnumerateObject() : default)
        {
            if (!meta.ContainsKey(member.Name))
                member.WriteTo(writer);
        }

        foreach (var (key, value) in meta)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the members as they are, and returns the one that is to be merged.</summary>
    private static JsonElement CopyAllButMeta(ReadOnlySpan<byte> parameters, Utf8JsonWriter writer)
    {
        JsonElement meta = default;
        if (parameters.IsEmpty)
            return meta;

        var reader = new Utf8JsonReader(parameters);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new ArgumentException("The parameters of a request are a JSON object.", nameof(parameters));

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = parameters[start..(int)reader.BytesConsumed];
            if (name == "_meta")
            {
                var ahead = new Utf8JsonReader(value);
                meta = JsonElement.ParseValue(ref ahead);
                continue;
            }

            writer.WritePropertyName(name);
            writer.WriteRawValue(value, skipInputValidation: true);
        }

        return meta;
    }
}
