using System.Text;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "dependentSchemas", and the part of draft-07's "dependencies" that holds schemas.</summary>
/// <remarks>JSON Schema 2020-12 Core §10.2.2.4.</remarks>
internal sealed class DependentSchemasCheck : Check
{
    private readonly (byte[] Trigger, SchemaNode Schema)[] dependents;

    private DependentSchemasCheck(string path, IEnumerable<KeyValuePair<string, KeywordSource>> entries) : base(path)
        => dependents = [.. entries.Select(entry => (Encoding.UTF8.GetBytes(entry.Key), entry.Value.Subschema()))];

    public override IEnumerable<SchemaNode> InPlace => dependents.Select(dependent => dependent.Schema);

    public static DependentSchemasCheck? From(SchemaSource schema)
        => schema.TryFind("dependentSchemas", out var keyword) ? new DependentSchemasCheck(keyword.Path, keyword.Entries()) : null;

    /// <summary>JSON Schema draft-07 Validation §6.5.7: an entry that is a schema.</summary>
    public static DependentSchemasCheck? FromDependencies(SchemaSource schema)
        => schema.TryFind("dependencies", out var keyword)
            ? new DependentSchemasCheck(keyword.Path, keyword.Entries().Where(entry => entry.Value.Value.ValueKind != JsonValueKind.Array))
            : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var accepted = true;
        foreach (var (trigger, schema) in dependents)
        {
            if (!JsonMembers.Has(instance, trigger, ref evaluation) || schema.Accepts(instance, ref evaluation))
                continue;
            accepted = false;
            if (evaluation.StopsAtFailure)
                break;
        }

        return accepted;
    }
}
