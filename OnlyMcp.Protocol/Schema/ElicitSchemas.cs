using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>The fields of a form: a JSON Schema of an object whose members are plain values.</summary>
public sealed record ElicitSchema
{
    /// <summary>The dialect of JSON Schema; null means 2020-12. Since 2025-11-25.</summary>
    [JsonPropertyName("$schema"), JsonPropertyOrder(-2)]
    public string? Dialect { get; init; }

    /// <summary>Always <c>object</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "object";

    /// <summary>The fields, by name.</summary>
    public required IReadOnlyDictionary<string, PrimitiveSchema> Properties { get; init; }

    /// <summary>The names of the fields that may not be left empty.</summary>
    public IReadOnlyList<string>? Required { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>
/// One field of a form: <see cref="StringSchema"/>, <see cref="NumberSchema"/>, <see cref="BooleanSchema"/>, or a choice:
/// <see cref="UntitledSingleSelectEnumSchema"/>, <see cref="TitledSingleSelectEnumSchema"/>,
/// <see cref="UntitledMultiSelectEnumSchema"/>, <see cref="TitledMultiSelectEnumSchema"/>, <see cref="LegacyTitledEnumSchema"/>.
/// </summary>
[JsonConverter(typeof(PrimitiveSchemaConverter))]
public abstract record PrimitiveSchema
{
    private protected PrimitiveSchema() { }

    /// <summary>The kind of value, as JSON Schema spells it.</summary>
    [JsonPropertyOrder(-3)]
    public abstract string Type { get; }

    /// <summary>The name to show to people; null means the field's own.</summary>
    [JsonPropertyOrder(-2)]
    public string? Title { get; init; }

    /// <summary>What to fill in, in words for people.</summary>
    [JsonPropertyOrder(-1)]
    public string? Description { get; init; }

    /// <summary>What the protocol does not define for this kind of field; usually null.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; } // not init: the serializer fills it in after construction
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>A line of text.</summary>
public sealed record StringSchema : PrimitiveSchema
{
    /// <inheritdoc/>
    public override string Type => "string";

    /// <summary>The least number of characters.</summary>
    public long? MinLength { get; init; }

    /// <summary>The greatest number of characters.</summary>
    public long? MaxLength { get; init; }

    /// <summary>What the text has to be.</summary>
    public StringFormat? Format { get; init; }

    /// <summary>What stands in the field at first. Since 2025-11-25.</summary>
    public string? Default { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>What a line of text has to be.</summary>
[JsonConverter(typeof(WireNameConverter<StringFormat>))]
public enum StringFormat
{
    /// <summary>An address for e-mail.</summary>
    [JsonStringEnumMemberName("email")] Email,

    /// <summary>An absolute URI.</summary>
    [JsonStringEnumMemberName("uri")] Uri,

    /// <summary>A day, such as <c>2026-07-28</c>.</summary>
    [JsonStringEnumMemberName("date")] Date,

    /// <summary>A moment with its time zone, such as <c>2026-07-28T12:00:00Z</c>.</summary>
    [JsonStringEnumMemberName("date-time")] DateTime,
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>A number.</summary>
public sealed record NumberSchema : PrimitiveSchema
{
    /// <inheritdoc/>
    public override string Type => IsInteger ? "integer" : "number";

    /// <summary>The number has to be a whole one.</summary>
    [JsonIgnore]
    public bool IsInteger { get; init; }

    /// <summary>The least value.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest value.</summary>
    public double? Maximum { get; init; }

    /// <summary>What stands in the field at first. Since 2025-11-25 (before, for booleans only).</summary>
    public double? Default { get; init; }
}

// Spec: 2026-07-28 client/elicitation §Requested Schema
/// <summary>Yes or no.</summary>
public sealed record BooleanSchema : PrimitiveSchema
{
    /// <inheritdoc/>
    public override string Type => "boolean";

    /// <summary>What is chosen at first.</summary>
    public bool? Default { get; init; }
}
