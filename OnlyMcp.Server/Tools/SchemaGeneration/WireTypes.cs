using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>
/// The schemas of what System.Text.Json reads and writes with its own converters, as far as these have no <c>IWireShape</c> in their
/// place. For results, what it writes: a form is named only where every value has it.
/// </summary>
internal static class WireTypes
{
    private static readonly Dictionary<Type, Func<JsonObject>> Shapes = new()
    {
        [typeof(string)] = () => Typed("string"),
        [typeof(bool)] = () => Typed("boolean"),
        [typeof(float)] = () => Typed("number"),
        [typeof(double)] = () => Typed("number"),
        [typeof(Half)] = () => Typed("number"),
        [typeof(decimal)] = () => Typed("number"),
        [typeof(sbyte)] = () => Typed("integer"),
        [typeof(byte)] = () => Typed("integer"),
        [typeof(short)] = () => Typed("integer"),
        [typeof(ushort)] = () => Typed("integer"),
        [typeof(int)] = () => Typed("integer"),
        [typeof(uint)] = () => Typed("integer"),
        [typeof(long)] = () => Typed("integer"),
        [typeof(ulong)] = () => Typed("integer"),
        [typeof(Int128)] = () => Typed("integer"),
        [typeof(UInt128)] = () => Typed("integer"),
        [typeof(char)] = () => Typed("string"),
        [typeof(Guid)] = () => Formatted("uuid"),
        [typeof(DateTimeOffset)] = () => Formatted("date-time"),
        [typeof(DateOnly)] = () => Formatted("date"),
        // No format: a DateTime may be written without an offset, a TimeOnly always is; a Uri may be relative.
        [typeof(DateTime)] = () => Typed("string"),
        [typeof(TimeOnly)] = () => Typed("string"),
        [typeof(TimeSpan)] = () => Typed("string"),
        [typeof(Uri)] = () => Typed("string"),
        [typeof(Version)] = () => Typed("string"),
        [typeof(byte[])] = Bytes,
        [typeof(Memory<byte>)] = Bytes,
        [typeof(ReadOnlyMemory<byte>)] = Bytes,
        [typeof(object)] = () => Typed("string", "number", "boolean", "object", "array"),
        [typeof(JsonNode)] = () => Typed("string", "number", "boolean", "object", "array"),
        [typeof(JsonValue)] = () => Typed("string", "number", "boolean"),
        [typeof(JsonObject)] = () => Typed("object"),
        [typeof(JsonArray)] = () => Typed("array"),
    };

    /// <summary>
    /// Anything at all for JsonElement and JsonDocument, which hold null as a value, and for a type with a converter of the user's own.
    /// </summary>
    public static JsonObject Of(Type type, JsonConverter converter)
    {
        bool isFrameworks = converter.GetType().Assembly == typeof(JsonSerializer).Assembly;
        return isFrameworks && Shapes.TryGetValue(type, out Func<JsonObject>? shape) ? shape() : [];
    }

    private static JsonObject Typed(string type) => new() { ["type"] = type };

    private static JsonObject Typed(params string[] types) => new() { ["type"] = new JsonArray([.. types.Select(t => JsonValue.Create(t))]) };

    private static JsonObject Formatted(string format) => new() { ["type"] = "string", ["format"] = format };

    private static JsonObject Bytes() => new() { ["type"] = "string", ["contentEncoding"] = "base64" };
}
