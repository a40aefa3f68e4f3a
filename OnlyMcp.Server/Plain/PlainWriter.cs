using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Plain;

/// <summary>
/// Writes by hand what nearly every conversation begins with, to the byte as the contracts of the types would. What is rare in it goes to
/// its contract. The reason is that of <see cref="PlainReader"/>.
/// </summary>
internal abstract class PlainWriter<T> : JsonConverter<T>
    where T : Result
{
    /// <summary>How a body knows the writer.</summary>
    public JsonTypeInfo TypeInfo => field ??= JsonMetadataServices.CreateValueInfo<T>(PlainWriter.Options, this);

    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("What a server answers is read by its client.");

    /// <summary>What every result carries, behind what it says.</summary>
    protected static void WriteStamp(Utf8JsonWriter writer, Result result)
    {
        PlainWriter.WriteText(writer, "resultType", result.ResultType);
        if (result is CacheableResult { TtlMs: { } time })
            writer.WriteNumber("ttlMs", time);
        if (result is CacheableResult { CacheScope: { } scope })
            writer.WriteString("cacheScope", scope == CacheScope.Public ? "public" : "private");
        PlainWriter.WriteElements(writer, "_meta", result.Meta);
    }
}

/// <summary>The pieces that the writers share.</summary>
internal static class PlainWriter
{
    /// <summary>Found in no contract, so that none has to be made.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(),
    };

    public static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
            writer.WriteString(name, text);
    }

    public static void WriteElements(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, JsonElement>? elements)
    {
        if (elements is null)
            return;

        writer.WritePropertyName(name);
        if (elements is WrittenElements written)
            writer.WriteRawValue(written.Utf8, skipInputValidation: true);
        else
            WriteElements(writer, elements);
    }

    public static void WriteElements(Utf8JsonWriter writer, IReadOnlyDictionary<string, JsonElement> elements)
    {
        writer.WriteStartObject();
        foreach (var (key, element) in elements)
        {
            writer.WritePropertyName(key);
            element.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    public static JsonElement ToElement(Implementation info) => JsonElement.Parse(ToUtf8(writer => WriteInfo(writer, info)));

    public static byte[] ToUtf8(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Options.Encoder }))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteInfo(Utf8JsonWriter writer, Implementation info)
    {
        writer.WriteStartObject();
        writer.WriteString("name", info.Name);
        WriteText(writer, "title", info.Title);
        writer.WriteString("version", info.Version);
        WriteText(writer, "description", info.Description);
        WriteText(writer, "websiteUrl", info.WebsiteUrl);
        if (info.Icons is { } icons)
        {
            writer.WritePropertyName("icons");
            JsonSerializer.Serialize(writer, icons, McpJson.Wire.IReadOnlyListIcon);
        }

        writer.WriteEndObject();
    }
}
