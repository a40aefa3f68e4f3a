using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "pattern": JSON Schema 2020-12 Validation §6.3.3.</summary>
internal sealed class PatternCheck : ValueCheck
{
    private readonly Pattern pattern;

    private PatternCheck(string path, Pattern pattern) : base(path) => this.pattern = pattern;

    public override string Qualifier => $"matching the pattern {pattern}";

    public static PatternCheck? From(SchemaSource schema)
        => schema.TryFind("pattern", out var keyword) ? new PatternCheck(keyword.Path, keyword.Pattern(keyword.Text())) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
        => instance.ValueKind != JsonValueKind.String || pattern.IsMatch(JsonText.Utf8(instance), ref evaluation);
}
