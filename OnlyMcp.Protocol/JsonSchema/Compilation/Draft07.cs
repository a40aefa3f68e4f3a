namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>JSON Schema draft-07, keyword by keyword. It knows no vocabularies; all its keywords are one.</summary>
internal static class Draft07
{
    public const string Uri = "http://json-schema.org/draft-07/schema";

    private static readonly Vocabulary All = new(Uri)
    {
        Keywords =
        [
            new("$schema"), new("$id"), new("$ref"), new("$comment"), new("definitions", Holds.SchemasByName),
            new("type"), new("enum"), new("const"),
            new("minimum"), new("maximum"), new("exclusiveMinimum"), new("exclusiveMaximum"), new("multipleOf"),
            new("minLength"), new("maxLength"), new("pattern"), new("format"),
            new("minItems"), new("maxItems"), new("uniqueItems"), new("minProperties"), new("maxProperties"), new("required"),
            new("properties", Holds.SchemasByName), new("patternProperties", Holds.SchemasByName),
            new("additionalProperties", Holds.Schemas), new("propertyNames", Holds.Schemas), new("dependencies", Holds.SchemasByName),
            new("items", Holds.Schemas), new("additionalItems", Holds.Schemas), new("contains", Holds.Schemas),
            new("allOf", Holds.Schemas), new("anyOf", Holds.Schemas), new("oneOf", Holds.Schemas), new("not", Holds.Schemas),
            new("if", Holds.Schemas), new("then", Holds.Schemas), new("else", Holds.Schemas),
        ],
        Rules =
        [
            Definitions.FromOlder,
            TypeCheck.From, EnumCheck.FromConst, EnumCheck.FromEnum,
            NumberLimit.FromMinimum, NumberLimit.FromExclusiveMinimum, NumberLimit.FromMaximum, NumberLimit.FromExclusiveMaximum,
            MultipleOfCheck.From,
            SizeLimit.FromMinLength, SizeLimit.FromMaxLength, PatternCheck.From, FormatCheck.From,
            SizeLimit.FromMinItems, SizeLimit.FromMaxItems, SizeLimit.FromMinProperties, SizeLimit.FromMaxProperties,
            RequiredCheck.From, UniqueItemsCheck.From,
            MembersCheck.From, PropertyNamesCheck.From, DependentRequiredCheck.FromDependencies, DependentSchemasCheck.FromDependencies,
            ItemsCheck.FromDraft07, ContainsCheck.From,
            AllOfCheck.From, AnyOfCheck.From, OneOfCheck.From, NotCheck.From, IfCheck.From,
        ],
    };

    public static readonly Dialect Dialect = new([All]) { RefStandsAlone = true, IdCanBeAnchor = true };
}
