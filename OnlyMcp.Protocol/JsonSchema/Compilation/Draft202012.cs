namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>JSON Schema draft 2020-12: its vocabularies, keyword by keyword.</summary>
internal static class Draft202012
{
    public const string Uri = "https://json-schema.org/draft/2020-12/schema";
    private const string VocabularyBase = "https://json-schema.org/draft/2020-12/vocab/";

    // JSON Schema 2020-12 Core §8
    private static readonly Vocabulary Core = new(VocabularyBase + "core")
    {
        Keywords =
        [
            new("$schema"), new("$id"), new("$ref"), new("$anchor"), new("$dynamicRef"), new("$dynamicAnchor"), new("$vocabulary"),
            new("$comment"), new("$defs", Holds.SchemasByName),
            new("definitions", Holds.SchemasByName), // the name of $defs in older drafts, which the metaschema still describes
        ],
        Rules = [Definitions.From, Definitions.FromOlder, RefCheck.From, DynamicRefCheck.From],
    };

    // JSON Schema 2020-12 Validation §6
    private static readonly Vocabulary Validation = new(VocabularyBase + "validation")
    {
        Keywords =
        [
            new("type"), new("enum"), new("const"),
            new("minimum"), new("maximum"), new("exclusiveMinimum"), new("exclusiveMaximum"), new("multipleOf"),
            new("minLength"), new("maxLength"), new("pattern"),
            new("minItems"), new("maxItems"), new("uniqueItems"), new("minContains"), new("maxContains"),
            new("minProperties"), new("maxProperties"), new("required"), new("dependentRequired"),
        ],
        Rules =
        [
            TypeCheck.From, EnumCheck.FromConst, EnumCheck.FromEnum,
            NumberLimit.FromMinimum, NumberLimit.FromExclusiveMinimum, NumberLimit.FromMaximum, NumberLimit.FromExclusiveMaximum,
            MultipleOfCheck.From,
            SizeLimit.FromMinLength, SizeLimit.FromMaxLength, PatternCheck.From,
            SizeLimit.FromMinItems, SizeLimit.FromMaxItems, SizeLimit.FromMinProperties, SizeLimit.FromMaxProperties,
            RequiredCheck.From, DependentRequiredCheck.From, UniqueItemsCheck.From,
        ],
    };

    // JSON Schema 2020-12 Core §10
    private static readonly Vocabulary Applicator = new(VocabularyBase + "applicator")
    {
        Keywords =
        [
            new("properties", Holds.SchemasByName), new("patternProperties", Holds.SchemasByName),
            new("additionalProperties", Holds.Schemas), new("propertyNames", Holds.Schemas), new("dependentSchemas", Holds.SchemasByName),
            new("prefixItems", Holds.Schemas), new("items", Holds.Schemas), new("contains", Holds.Schemas),
            new("allOf", Holds.Schemas), new("anyOf", Holds.Schemas), new("oneOf", Holds.Schemas), new("not", Holds.Schemas),
            new("if", Holds.Schemas), new("then", Holds.Schemas), new("else", Holds.Schemas),
        ],
        Rules =
        [
            MembersCheck.From, PropertyNamesCheck.From, DependentSchemasCheck.From, ItemsCheck.From, ContainsCheck.From,
            AllOfCheck.From, AnyOfCheck.From, OneOfCheck.From, NotCheck.From, IfCheck.From,
        ],
    };

    // JSON Schema 2020-12 Core §11
    private static readonly Vocabulary Unevaluated = new(VocabularyBase + "unevaluated")
    {
        Keywords = [new("unevaluatedProperties", Holds.Schemas), new("unevaluatedItems", Holds.Schemas)],
        Rules = [UnevaluatedCheck.FromProperties, UnevaluatedCheck.FromItems],
    };

    // JSON Schema 2020-12 Validation §7.2.1
    private static readonly Vocabulary FormatAnnotation = new(VocabularyBase + "format-annotation")
    {
        Keywords = [new("format")],
        Rules = [FormatCheck.From],
    };

    // JSON Schema 2020-12 Validation §7.2.2
    private static readonly Vocabulary FormatAssertion = new(VocabularyBase + "format-assertion")
    {
        Keywords = [new("format")],
        Rules = [FormatCheck.From],
        AssertsFormats = true,
    };

    // JSON Schema 2020-12 Validation §8
    private static readonly Vocabulary Content = new(VocabularyBase + "content")
    {
        Keywords = [new("contentEncoding"), new("contentMediaType"), new("contentSchema", Holds.Schemas)],
    };

    // JSON Schema 2020-12 Validation §9
    private static readonly Vocabulary MetaData = new(VocabularyBase + "meta-data")
    {
        Keywords =
        [
            new("title"), new("description"), new("default"), new("deprecated"), new("readOnly"), new("writeOnly"), new("examples"),
        ],
    };

    /// <summary>All vocabularies, in the order in which their checks run: what is unevaluated is known last.</summary>
    public static readonly IReadOnlyList<Vocabulary> Vocabularies =
        [Core, Validation, FormatAnnotation, FormatAssertion, Content, MetaData, Applicator, Unevaluated];

    /// <summary>The dialect of the standard metaschema, in which a format asserts nothing.</summary>
    public static readonly Dialect Dialect = new([.. Vocabularies.Where(vocabulary => vocabulary != FormatAssertion)]);
}
