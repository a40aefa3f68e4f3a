using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "format", where it is asserted: JSON Schema 2020-12 Validation §7.2.2.</summary>
internal sealed class FormatCheck : ValueCheck
{
    private readonly StringFormat format;

    private FormatCheck(string path, StringFormat format) : base(path) => this.format = format;

    public override string Qualifier => $"in the format {format.Name} (such as {format.Example})";

    /// <summary>A format that is not known is an annotation, which asserts nothing.</summary>
    public static FormatCheck? From(SchemaSource schema)
        => schema.AssertsFormats && schema.TryFind("format", out var keyword) && StringFormat.Find(keyword.Text()) is { } format
            ? new FormatCheck(keyword.Path, format)
            : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
        => instance.ValueKind != JsonValueKind.String || format.Fits(JsonText.Read(instance));
}
