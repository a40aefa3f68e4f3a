using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Tests.Support;

/// <summary>A value whose converter writes raw text that nobody has checked, as a user's may.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record RawJson(string Text)
{
    private static readonly JsonSerializerOptions Options = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    public static JsonTypeInfo TypeInfo { get; } = Options.GetTypeInfo(typeof(RawJson));

    public static JsonTypeInfo TypeInfoOfMany { get; } = Options.GetTypeInfo(typeof(RawJson[]));

    private sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}
