using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Puts members into the <c>_meta</c> of a request's parameters, beside what is there.</summary>
/// <remarks>Spec: 2026-07-28 basic §_meta</remarks>
public static class ParamsMeta
{
    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The parameters with these members in their <c>_meta</c>.</summary>
    /// <param name="parameters">An object, or absent.</param>
    /// <param name="meta">What to put in.</param>
    /// <param name="overwrites">Whether a member that is there already gives way; otherwise it stays.</param>
    /// <exception cref="ArgumentException">The parameters are no object.</exception>
    public static JsonBody Merge(JsonBody parameters, IReadOnlyDictionary<string, JsonElement> meta, bool overwrites = true)
    {
        ArgumentNullException.ThrowIfNull(meta);
        return meta.Count == 0 ? parameters : new JsonBody(Merge(parameters.ToUtf8(), meta, overwrites));
    }

    /// <summary>The members as the JSON of an object.</summary>
    public static byte[] ToJson(IReadOnlyDictionary<string, JsonElement> meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        foreach (var (key, value) in meta)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Merge(ReadOnlyMemory<byte> parameters, IReadOnlyDictionary<string, JsonElement> meta, bool overwrites)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        var there = CopyAllButMeta(parameters.Span, writer);
        var isObject = there.ValueKind == JsonValueKind.Object;
        writer.WriteStartObject("_meta");
        foreach (var member in isObject ? there.EnumerateObject() : default)
        {
            if (!overwrites || !meta.ContainsKey(member.Name))
                member.WriteTo(writer);
        }

        foreach (var (key, value) in meta)
        {
            if (!overwrites && isObject && there.TryGetProperty(key, out _))
                continue;
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
