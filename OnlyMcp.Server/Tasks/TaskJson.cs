using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server.Tasks;

/// <summary>How a <see cref="StoredTask"/> becomes JSON and back, for stores that keep text.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 1000,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StoredTask))]
[JsonSerializable(typeof(InputState))]
internal sealed partial class StoredTaskJson : JsonSerializerContext
{
    // In a class of its own, so that Default exists by the time it is copied.
    public static StoredTaskJson Lean => LeanInstance.Value;

    private static class LeanInstance
    {
        public static readonly StoredTaskJson Value =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}

/// <summary>Writes tasks as JSON and reads them, for a store of your own.</summary>
public static class TaskJson
{
    /// <summary>The record as one JSON object in UTF-8.</summary>
    public static byte[] Write(StoredTask task) => JsonSerializer.SerializeToUtf8Bytes(task, StoredTaskJson.Lean.StoredTask);

    /// <summary>Reads what <see cref="Write"/> wrote, also by an earlier version of this library.</summary>
    /// <exception cref="JsonException">It is something else; the message says where.</exception>
    public static StoredTask Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, StoredTaskJson.Lean.StoredTask) ?? throw new JsonException("expected an object, received null");
}
