using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Inputs.Forms;

/// <summary>One field of a form. What its shape says beyond what a form has words for is left out here, and still holds.</summary>
/// <remarks>Spec: 2026-07-28 client/elicitation §Requested Schema</remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class FormField
{
    /// <exception cref="ArgumentException">A form has no such field.</exception>
    public static PrimitiveSchema Of(JsonPropertyInfo property, JsonObject shape, ShapeWriter writer)
    {
        PrimitiveSchema? field = TypeOf(shape) switch
        {
            "string" when Choices(shape) is { } choices => OneOf(property, choices, shape),
            "string" when !shape.ContainsKey("contentEncoding") => Text(shape),
            "integer" or "number" => Number(shape, WithoutAnnotations(property, writer)),
            "boolean" => new BooleanSchema { Default = shape["default"]?.GetValue<bool>() },
            "array" when shape["items"] is JsonObject item && TypeOf(item) == "string" && Choices(item) is { } choices =>
                AnyOf(property, choices, shape),
            _ => null,
        };
        return field is null
            ? throw new ArgumentException(
                $"'{property.Name}' ({property.PropertyType.Name}) has no place in a form, "
                + "which has text, dates, numbers, booleans, enums and lists of enums.")
            : field with { Title = TitleOf(property), Description = shape["description"]?.GetValue<string>() };
    }

    private static StringSchema Text(JsonObject shape) => new()
    {
        MinLength = (long?)NumberIn(shape, "minLength"),
        MaxLength = (long?)NumberIn(shape, "maxLength"),
        Format = shape["format"]?.GetValue<string>() switch
        {
            "email" => StringFormat.Email,
            "uri" => StringFormat.Uri,
            "date" => StringFormat.Date,
            "date-time" => StringFormat.DateTime,
            _ => null,
        },
        Default = shape["default"]?.GetValue<string>(),
    };

    /// <summary>The bounds that somebody wrote down: those of the C# type itself tell a person nothing.</summary>
    private static NumberSchema Number(JsonObject shape, JsonObject bare) => new()
    {
        IsInteger = TypeOf(shape) == "integer",
        Minimum = Bound(shape, bare, "minimum") ?? (NumberIn(shape, "exclusiveMinimum") + Step(shape)),
        Maximum = Bound(shape, bare, "maximum") ?? (NumberIn(shape, "exclusiveMaximum") - Step(shape)),
        Default = NumberIn(shape, "default"),
    };

    private static double Step(JsonObject shape) => TypeOf(shape) == "integer" ? 1 : 0;

    private static double? Bound(JsonObject shape, JsonObject bare, string keyword) =>
        NumberIn(shape, keyword) is { } bound && bound != NumberIn(bare, keyword) ? bound : null;

    private static PrimitiveSchema OneOf(JsonPropertyInfo property, string[] choices, JsonObject shape)
    {
        var given = shape["default"]?.GetValue<string>();
        return Titled(property, choices) is { } options
            ? new TitledSingleSelectEnumSchema { OneOf = options, Default = given }
            : new UntitledSingleSelectEnumSchema { Enum = choices, Default = given };
    }

    private static PrimitiveSchema AnyOf(JsonPropertyInfo property, string[] choices, JsonObject shape)
    {
        var (least, most) = ((long?)NumberIn(shape, "minItems"), (long?)NumberIn(shape, "maxItems"));
        var given = shape["default"]?.AsArray().Select(choice => choice!.GetValue<string>()).ToArray();
        return Titled(property, choices) is { } options
            ? new TitledMultiSelectEnumSchema { Items = new() { AnyOf = options }, MinItems = least, MaxItems = most, Default = given }
            : new UntitledMultiSelectEnumSchema { Items = new() { Enum = choices }, MinItems = least, MaxItems = most, Default = given };
    }

    /// <summary>
    /// The choices with the names that <c>[Display]</c> or <c>[Description]</c> give to the members of the enum; null if none does.
    /// </summary>
    private static EnumOption[]? Titled(JsonPropertyInfo property, string[] choices)
    {
        var type = property.Options.GetTypeInfo(property.PropertyType).ElementType ?? property.PropertyType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        var members = type.IsEnum ? type.GetFields(BindingFlags.Public | BindingFlags.Static) : [];
        if (members.Length != choices.Length || !members.Any(member => NameOf(member) is not null))
            return null;

        return [.. members.Zip(choices, (member, choice) => new EnumOption { Const = choice, Title = NameOf(member) ?? choice })];
    }

    private static string? NameOf(ICustomAttributeProvider place) => Attribute<DisplayAttribute>(place)?.GetName()
        ?? Attribute<DisplayNameAttribute>(place)?.DisplayName
        ?? (place is FieldInfo ? Attribute<DescriptionAttribute>(place)?.Description : null);

    private static string? TitleOf(JsonPropertyInfo property) =>
        new[] { property.AttributeProvider, property.AssociatedParameter?.AttributeProvider }
            .OfType<ICustomAttributeProvider>().Select(NameOf).FirstOrDefault(name => name is not null);

    private static T? Attribute<T>(ICustomAttributeProvider place)
        where T : Attribute => place.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault() as T;

    private static JsonObject WithoutAnnotations(JsonPropertyInfo property, ShapeWriter writer) =>
        writer.Of(property.PropertyType, null, allowsNull: false, property.CustomConverter);

    private static string[]? Choices(JsonObject shape) => shape["enum"] is JsonArray values
        ? [.. values.OfType<JsonNode>().Select(value => value.GetValue<string>())]
        : null;

    private static double? NumberIn(JsonObject shape, string keyword) => shape[keyword] is { } node
        ? double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)
        : null;

    /// <summary>The one type of a value that is there.</summary>
    private static string? TypeOf(JsonObject shape) => shape["type"] switch
    {
        JsonArray all => all.Select(type => type!.GetValue<string>()).Where(type => type != "null").ToArray() is [var only] ? only : null,
        JsonValue one => one.GetValue<string>(),
        _ => null,
    };
}
