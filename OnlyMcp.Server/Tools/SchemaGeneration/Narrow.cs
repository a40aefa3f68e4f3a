using System.Globalization;
using System.Text.Json.Nodes;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>Adds a limit to a shape. Where the shape has one already, the tighter of the two stays.</summary>
internal static class Narrow
{
    public static void AtLeast(JsonObject shape, string keyword, decimal? limit)
    {
        if (limit is { } value && (Existing(shape, keyword) is not { } existing || value > existing)) shape[keyword] = JsonNumber.Of(value);
    }

    public static void AtMost(JsonObject shape, string keyword, decimal? limit)
    {
        if (limit is { } value && (Existing(shape, keyword) is not { } existing || value < existing)) shape[keyword] = JsonNumber.Of(value);
    }

    public static void ByPattern(JsonObject shape, string pattern)
    {
        if (!shape.ContainsKey("pattern")) shape["pattern"] = pattern;
        else Also(shape, new JsonObject { ["pattern"] = pattern });
    }

    /// <summary>A further condition, for a keyword that stands in the shape already.</summary>
    public static void Also(JsonObject shape, JsonObject condition)
    {
        if (shape["allOf"] is JsonArray all) all.Add((JsonNode)condition);
        else shape["allOf"] = new JsonArray(condition);
    }

    // A bound that no decimal holds (of a 128-bit integer) is wider than any annotation.
    private static decimal? Existing(JsonObject shape, string keyword) =>
        shape[keyword] is { } node && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) ? value : null;
}
