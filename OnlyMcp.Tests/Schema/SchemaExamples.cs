using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Schema;

/// <summary>The specification's example messages, which lie outside the repository.</summary>
internal static class SchemaExamples
{
    public static IReadOnlyList<string> Folders(string revision) =>
        [.. Directory.GetDirectories(Folder(revision)).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Files(string revision, string type) =>
        [.. Directory.GetFiles(Path.Combine(Folder(revision), type), "*.json").Order(StringComparer.Ordinal)];

    /// <summary>The names of all members that the revision's schema declares anywhere.</summary>
    public static HashSet<string> DeclaredMembers(string revision)
    {
        string schema = File.ReadAllText(Path.Combine(TestData.Folder("spec"), revision, "schema.json"));
        HashSet<string> names = [];
        Collect(JsonElement.Parse(schema), names);
        return names;
    }

    /// <summary>What a path such as <c>error.data</c> leads to.</summary>
    public static JsonNode Part(this JsonNode example, string path) =>
        path.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(example, (node, name) => node[name]!);

    private static string Folder(string revision) => TestData.Folder(Path.Combine("spec", revision, "examples"));

    private static void Collect(JsonElement schema, HashSet<string> names)
    {
        if (schema.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in schema.EnumerateArray()) Collect(item, names);
        }

        if (schema.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            if (keyword.NameEquals("properties")) names.UnionWith(keyword.Value.EnumerateObject().Select(member => member.Name));
            Collect(keyword.Value, names);
        }
    }
}
