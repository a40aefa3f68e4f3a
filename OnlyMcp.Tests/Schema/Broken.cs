using System.Text.Json.Nodes;

namespace OnlyMcp.Tests.Schema;

/// <summary>Copies of a JSON value, each broken in one place.</summary>
internal static class Broken
{
    private static readonly string?[] Replacements = [null, "1", "-1.5", "1e400", "\"\"", "true", "[]", "[null]", "{}", """{"":null}"""];

    public static IEnumerable<string> Copies(JsonNode whole) => Places(whole).SelectMany(place => Replacements.Select(replacement =>
    {
        JsonNode copy = whole.DeepClone();
        JsonNode parent = place.SkipLast(1).Aggregate(copy, (node, step) => Step(node, step)!);
        Replace(parent, place[^1], JsonNode.Parse(replacement ?? "null"));
        return copy.ToJsonString();
    }).Append(Without(whole, place)));

    private static IEnumerable<object[]> Places(JsonNode node)
    {
        IEnumerable<object> steps = node switch
        {
            JsonObject members => members.Select(member => (object)member.Key),
            JsonArray items => Enumerable.Range(0, items.Count).Select(index => (object)index),
            _ => [],
        };
        return steps.SelectMany(step =>
            Step(node, step) is { } inner ? Places(inner).Select(place => (object[])[step, .. place]).Prepend([step]) : [[step]]);
    }

    private static string Without(JsonNode whole, object[] place)
    {
        JsonNode copy = whole.DeepClone();
        JsonNode parent = place.SkipLast(1).Aggregate(copy, (node, step) => Step(node, step)!);
        if (place[^1] is string name) parent.AsObject().Remove(name);
        else parent.AsArray().RemoveAt((int)place[^1]);
        return copy.ToJsonString();
    }

    private static JsonNode? Step(JsonNode node, object step) => step is string name ? node[name] : node[(int)step];

    private static void Replace(JsonNode parent, object step, JsonNode? value)
    {
        if (step is string name) parent[name] = value;
        else parent[(int)step] = value;
    }
}
