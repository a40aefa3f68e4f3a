using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Tests.Transport;

/// <summary>A value that begins to be written and then throws.</summary>
internal static class BrokenJson
{
    public static JsonTypeInfo TypeInfo { get; } =
        JsonMetadataServices.CreateValueInfo<object>(
            new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }, new Converter());

    private sealed class Converter : JsonConverter<object>
    {
        public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("half", "a message");
            throw new NotSupportedException("this value cannot be written");
        }
    }
}
