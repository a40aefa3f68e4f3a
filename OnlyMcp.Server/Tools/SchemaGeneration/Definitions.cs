using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>
/// The <c>$defs</c> of a schema: the types that contain themselves. Every other type is written where it stands, because models and older
/// hosts read a schema without references best.
/// </summary>
internal sealed class Definitions
{
    private readonly HashSet<(Type, object?)> open = [];
    private readonly Dictionary<(Type, object?), string> names = [];
    private readonly JsonObject written = [];

    /// <param name="type">The type to be written.</param>
    /// <param name="discriminator">Sets apart the same type as a variant of its base.</param>
    /// <param name="write">Writes the type; while it runs, the type met again becomes a reference.</param>
    public JsonObject Of(Type type, object? discriminator, Func<JsonObject> write)
    {
        var key = (type, discriminator);
        if (names.TryGetValue(key, out string? name) || !open.Add(key)) return ReferenceTo(name ?? Name(key));

        JsonObject shape = write();
        open.Remove(key);
        if (!names.TryGetValue(key, out name)) return shape;
        written[name] = shape;
        return ReferenceTo(name);
    }

    /// <summary>The finished schema. A root that is itself a reference is written out, since hosts look for its <c>type</c>.</summary>
    public JsonElement AttachTo(JsonObject root)
    {
        if (root.Count == 1 && root["$ref"] is { } reference)
            root = (JsonObject)written[reference.GetValue<string>()["#/$defs/".Length..]]!.DeepClone();
        if (written.Count > 0) root["$defs"] = written;
        return JsonSerializer.SerializeToElement(root, SchemaJson.Default.JsonObject);
    }

    private static JsonObject ReferenceTo(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    private string Name((Type Type, object?) key)
    {
        string plain = PlainName(key.Type);
        string name = plain;
        for (int i = 2; names.ContainsValue(name); i++) name = plain + i;
        return names[key] = name;
    }

    private static string PlainName(Type type)
    {
        if (!type.IsGenericType) return type.Name;
        string arguments = string.Concat(type.GetGenericArguments().Select(PlainName));
        return type.Name.Split('`')[0] + "Of" + arguments;
    }
}
