using System.Text.Json.Nodes;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>Lets a schema accept null as well.</summary>
internal static class NullableShape
{
    private const int AllTypes = 6;

    public static JsonObject Of(JsonObject shape)
    {
        if (shape["enum"] is JsonArray values) values.Add(null);
        if (shape["anyOf"] is JsonArray variants) variants.Add((JsonNode)Null());
        else if (shape.ContainsKey("$ref")) return new JsonObject { ["anyOf"] = new JsonArray(shape, Null()) };
        else WidenType(shape);
        return shape;
    }

    private static void WidenType(JsonObject shape)
    {
        if (shape["type"] is JsonArray types) types.Add((JsonNode)"null");
        else if (shape["type"] is { } type) shape["type"] = new JsonArray(type.DeepClone(), "null");
        if (shape["type"] is JsonArray { Count: AllTypes }) shape.Remove("type");
    }

    private static JsonObject Null() => new() { ["type"] = "null" };
}
