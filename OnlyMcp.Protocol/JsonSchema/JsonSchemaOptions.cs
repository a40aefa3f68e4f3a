using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Limits and choices for reading a schema and for checking values against it.</summary>
/// <remarks>The defaults are meant for schemas and values that come from strangers.</remarks>
public sealed record JsonSchemaOptions
{
    internal static readonly JsonSchemaOptions Default = new();

    /// <summary>The dialect of a schema without <c>$schema</c>. Default: 2020-12.</summary>
    public JsonSchemaDialect DefaultDialect { get; init; } = JsonSchemaDialect.Draft202012;

    /// <summary>Other schemas that <c>$ref</c> and <c>$schema</c> may name, by absolute URI without fragment. Default: none.</summary>
    /// <remarks>Nothing is ever fetched over a network: a reference that is neither here nor in the schema itself is an error.</remarks>
    public IReadOnlyDictionary<string, JsonElement> Documents { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Whether <c>format</c> is checked, or only tells a reader. Default: false, as the specification has it.</summary>
    public bool AssertFormats { get; init; }

    /// <summary>How many levels of arrays and objects a schema and a value may nest. Default: 64, as in System.Text.Json.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>How many subschemas a schema may hold, those of referenced documents included. Default: 10,000.</summary>
    public int MaxSubschemas { get; init; } = 10_000;

    /// <summary>How many errors one validation reports; it stops at the last one. Default: 10.</summary>
    public int MaxErrors { get; init; } = 10;

    /// <summary>How much work one validation may cost, in schemas applied and values looked at. Default: 2,000,000, under a second.</summary>
    /// <remarks>A value whose check costs more is invalid, and the error says so.</remarks>
    public int MaxSteps { get; init; } = 2_000_000;

    /// <summary>How long one regular expression may search in one string. Default: 100 milliseconds.</summary>
    /// <remarks>A value whose check takes longer is invalid, and the error says so. All searches together get ten times as long.</remarks>
    public TimeSpan MatchTimeout { get; init; } = TimeSpan.FromMilliseconds(100);
}
