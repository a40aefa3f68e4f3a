using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>What stands for values in a transcript: "..." for any, "...name" for any at first and for the same one from then on.</summary>
internal sealed class Placeholders
{
    private const string Any = "...";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, JsonNode?> known = [];

    /// <summary>The line with the values in it that are known.</summary>
    public string Fill(string line) => Filled(JsonNode.Parse(line))!.ToJsonString(Relaxed);

    /// <summary>Whether a message is the expected one; what has a name is remembered.</summary>
    public bool Matches(string expected, string received) => Matches(JsonNode.Parse(expected), JsonNode.Parse(received));

    private bool Matches(JsonNode? expected, JsonNode? received) => (expected, received) switch
    {
        (JsonValue value, _) when NameIn(value) is { } name => name == Any || IsKnown(name, received),
        (JsonObject left, JsonObject right) => left.Count == right.Count
            && left.All(member => right.ContainsKey(member.Key) && Matches(member.Value, right[member.Key])),
        (JsonArray left, JsonArray right) => left.Count == right.Count && left.Zip(right).All(pair => Matches(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(expected, received),
    };

    private bool IsKnown(string name, JsonNode? received) =>
        known.TryAdd(name, received?.DeepClone()) || JsonNode.DeepEquals(known[name], received);

    private JsonNode? Filled(JsonNode? node) => node switch
    {
        JsonValue value when NameIn(value) is { } name => known.TryGetValue(name, out var found)
            ? found?.DeepClone()
            : throw new FormatException($"Nothing before has shown what \"{name}\" is."),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Filled(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Filled)]),
        _ => node?.DeepClone(),
    };

    private static string? NameIn(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && text.StartsWith(Any, StringComparison.Ordinal)
            ? text
            : null;
}
