using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Plain;

/// <summary>The parameters of <c>tools/call</c> as a client has them, with arguments that are JSON already, and written by hand.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">An object; absent for none.</param>
internal sealed record PlainCall(string Name, JsonBody Arguments) : RequestParams
{
    /// <summary>The wish that the call be a task.</summary>
    public TaskMetadata? Task { get; init; }

    /// <summary>What a request carries.</summary>
    public JsonBody ToBody() => JsonBody.Of(this, Writer.TypeInfo);

    private sealed class Writer : JsonConverter<PlainCall>
    {
        public static readonly JsonTypeInfo<PlainCall> TypeInfo =
            JsonMetadataServices.CreateValueInfo<PlainCall>(McpJson.Wire.Options, new Writer());

        public override PlainCall Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("What a client asks is read by its server.");

        public override void Write(Utf8JsonWriter writer, PlainCall value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, value.Name);
            if (!value.Arguments.IsAbsent)
            {
                writer.WritePropertyName("arguments"u8);
                writer.WriteRawValue(value.Arguments.ToUtf8().Span, skipInputValidation: true);
            }

            if (value.Task is { } task)
            {
                writer.WritePropertyName("task"u8);
                JsonSerializer.Serialize(writer, task, McpJson.Wire.TaskMetadata);
            }

            writer.WriteEndObject();
        }
    }
}
