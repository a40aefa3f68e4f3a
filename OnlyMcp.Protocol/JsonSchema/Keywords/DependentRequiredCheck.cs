using System.Text;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "dependentRequired", and the part of draft-07's "dependencies" that lists names.</summary>
/// <remarks>JSON Schema 2020-12 Validation §6.5.4.</remarks>
internal sealed class DependentRequiredCheck : Check
{
    private readonly (byte[] Trigger, byte[] Name)[] pairs;

    private DependentRequiredCheck(string path, IEnumerable<(string Trigger, string Name)> pairs) : base(path)
        => this.pairs = [.. pairs.Select(pair => (Encoding.UTF8.GetBytes(pair.Trigger), Encoding.UTF8.GetBytes(pair.Name)))];

    public static DependentRequiredCheck? From(SchemaSource schema)
        => schema.TryFind("dependentRequired", out var keyword) ? Create(keyword, keyword.Entries()) : null;

    /// <summary>JSON Schema draft-07 Validation §6.5.7: an entry that is an array.</summary>
    public static DependentRequiredCheck? FromDependencies(SchemaSource schema)
        => schema.TryFind("dependencies", out var keyword)
            ? Create(keyword, keyword.Entries().Where(entry => entry.Value.Value.ValueKind == JsonValueKind.Array))
            : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var accepted = true;
        foreach (var (trigger, name) in pairs)
        {
            if (!JsonMembers.Has(instance, trigger, ref evaluation) || JsonMembers.Has(instance, name, ref evaluation))
                continue;
            accepted = false;
            if (evaluation.Errors is not null)
                evaluation.Report(Path, $"the property {Quote(name)}, required because {Quote(trigger)} is there", instance);
            if (evaluation.StopsAtFailure)
                break;
        }

        return accepted && !evaluation.GaveUp;
    }

    private static DependentRequiredCheck Create(KeywordSource keyword, IEnumerable<KeyValuePair<string, KeywordSource>> entries)
        => new(keyword.Path, entries.SelectMany(entry => entry.Value.Names().Select(name => (entry.Key, name))));

    private static string Quote(byte[] name) => Wording.Quote(Encoding.UTF8.GetString(name));
}
