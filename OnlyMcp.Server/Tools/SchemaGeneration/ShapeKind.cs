using System.Text.Json.Nodes;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>What kind of value a shape speaks of; null beside it does not count.</summary>
internal static class ShapeKind
{
    public static bool IsNumber(JsonObject shape) => Is(shape, "integer") || Is(shape, "number");

    public static bool IsString(JsonObject shape) => Is(shape, "string");

    public static bool IsArray(JsonObject shape) => Is(shape, "array");

    public static bool IsObject(JsonObject shape) => Is(shape, "object");

    private static bool Is(JsonObject shape, string type) => shape["type"] switch
    {
        JsonArray several => several.Any(one => one!.GetValue<string>() == type),
        JsonValue one => one.GetValue<string>() == type,
        _ => false,
    };
}
