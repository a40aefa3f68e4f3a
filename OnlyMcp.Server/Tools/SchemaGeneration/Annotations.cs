using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>What people write about their types and parameters, laid over the shape that the serializer gives them.</summary>
internal static class Annotations
{
    public static void Describe(JsonObject shape, Type type) { }
    public static void LayOver(JsonObject shape, JsonPropertyInfo property) { }
}
