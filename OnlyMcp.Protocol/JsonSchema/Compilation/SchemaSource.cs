using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A schema object while it is being compiled: what the rules look their keywords up in.</summary>
internal sealed class SchemaSource(SchemaCompiler compiler, SchemaLocation location)
{
    private readonly Dictionary<string, JsonElement> members = ReadMembers(location.Element);

    public SchemaCompiler Compiler => compiler;

    public SchemaLocation Location => location;

    public string Path => location.Path;

    public bool AssertsFormats => compiler.Options.AssertFormats || location.Resource.Dialect.AssertsFormats;

    /// <summary>The keyword of that name, if the schema has it and its dialect knows it.</summary>
    public bool TryFind(string name, out KeywordSource keyword)
    {
        var found = members.TryGetValue(name, out var value) && location.Resource.Dialect.Knows(name);
        keyword = found ? new KeywordSource(this, name, value) : default;
        return found;
    }

    private static Dictionary<string, JsonElement> ReadMembers(JsonElement element)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (var member in element.EnumerateObject())
            members[JsonText.Read(member)] = member.Value;
        return members;
    }
}
