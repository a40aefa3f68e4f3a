using System.Text;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keywords "properties", "patternProperties" and "additionalProperties", in one walk over the object.</summary>
/// <remarks>JSON Schema 2020-12 Core §10.3.2.1 to §10.3.2.3.</remarks>
internal sealed class MembersCheck : Check
{
    private readonly NameTable<SchemaNode> properties;
    private readonly (Pattern Name, SchemaNode Schema)[] patterns;
    private readonly SchemaNode? additional;

    private MembersCheck(
        string path, NameTable<SchemaNode> properties, (Pattern, SchemaNode)[] patterns, SchemaNode? additional) : base(path)
    {
        this.properties = properties;
        this.patterns = patterns;
        this.additional = additional;
    }

    private bool RefusesUnknown => additional?.Checks is [NeverCheck];

    public static MembersCheck? From(SchemaSource schema)
    {
        var byName = schema.TryFind("properties", out var properties);
        var byPattern = schema.TryFind("patternProperties", out var patterns);
        var byDefault = schema.TryFind("additionalProperties", out var additional);
        if (!byName && !byPattern && !byDefault)
            return null;
        return new MembersCheck(
            byDefault ? additional.Path : schema.Path,
            new(byName ? properties.Entries().Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Subschema())) : []),
            byPattern ? [.. patterns.Entries().Select(entry => (entry.Value.Pattern(entry.Key), entry.Value.Subschema()))] : [],
            byDefault ? additional.Subschema() : null);
    }

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        if (!evaluation.Descend())
            return false;
        var (accepted, position) = (true, 0);
        foreach (var member in instance.EnumerateObject())
        {
            if (!evaluation.Charge() || !AcceptsMember(member, position++, ref evaluation))
            {
                accepted = false;
                if (evaluation.StopsAtFailure)
                    break;
            }
        }

        evaluation.Ascend();
        return accepted;
    }

    private bool AcceptsMember(JsonProperty member, int position, ref Evaluation evaluation)
    {
        var name = JsonText.Utf8(member);
        var (accepted, known) = (true, false);
        var property = properties.Find(name);
        if (property >= 0)
        {
            known = true;
            accepted = AcceptsValue(properties[property], name, member.Value, ref evaluation);
        }

        foreach (var (pattern, patterned) in patterns)
        {
            if (!pattern.IsMatch(name, ref evaluation))
                continue;
            known = true;
            accepted &= AcceptsValue(patterned, name, member.Value, ref evaluation);
        }

        if (!known && additional is not null)
        {
            known = true;
            accepted = AcceptsAdditional(name, member.Value, ref evaluation);
        }

        if (known)
            evaluation.Evaluated?.Add(position);
        return accepted && !evaluation.GaveUp;
    }

    private bool AcceptsAdditional(ReadOnlySpan<byte> name, JsonElement value, ref Evaluation evaluation)
    {
        if (!RefusesUnknown)
            return AcceptsValue(additional!, name, value, ref evaluation);
        evaluation.Errors?.Add(Path, DescribeKnown(), DescribeUnknown(Encoding.UTF8.GetString(name)));
        return false;
    }

    private static bool AcceptsValue(SchemaNode schema, ReadOnlySpan<byte> name, JsonElement value, ref Evaluation evaluation)
    {
        if (evaluation.Errors is not { } errors)
            return schema.AcceptsPart(value, ref evaluation);
        errors.Enter(Encoding.UTF8.GetString(name));
        var accepted = schema.AcceptsPart(value, ref evaluation);
        errors.Leave();
        return accepted;
    }

    private string DescribeKnown()
    {
        var names = properties.Names.Count == 0 ? "" : $"only the properties {Wording.Names(properties.Names)}";
        var matching = patterns.Length == 0 ? "" : $"names matching {string.Join(" or ", patterns.Select(pattern => pattern.Name))}";
        return (names, matching) switch
        {
            ("", "") => "no properties",
            ("", _) => $"only {matching}",
            (_, "") => names,
            _ => $"{names} and {matching}",
        };
    }

    private string DescribeUnknown(string name)
        => Spelling.Nearest(name, properties.Names) is { } near
            ? $"{Wording.Quote(name)} (did you mean {Wording.Quote(near)}?)"
            : Wording.Quote(name);
}
