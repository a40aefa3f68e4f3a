using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>
/// The DataAnnotations that NJsonSchema 10 does not know, or knows as a hint where the attribute is a check: AllowedValues, DeniedValues,
/// Length, Base64String, exclusive ranges, Required, EmailAddress, Url.
/// </summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class NewerAnnotations
{
    // What the attributes check, which is less than what the formats "email" and "uri" stand for.
    private const string EmailPattern = @"^[^@\r\n]+@[^@\r\n]+$";
    private const string UrlPattern = "^(http|https|ftp)://";

    public static void LayOver(JsonObject shape, ICustomAttributeProvider member, JsonPropertyInfo property)
    {
        foreach (object attribute in member.GetCustomAttributes(typeof(ValidationAttribute), inherit: true))
            LayOver(shape, (ValidationAttribute)attribute, property);
    }

    private static void LayOver(JsonObject shape, ValidationAttribute attribute, JsonPropertyInfo property)
    {
        switch (attribute)
        {
            case AllowedValuesAttribute allowed:
                shape["enum"] = Values(allowed.Values, property);
                break;
            case DeniedValuesAttribute denied:
                shape["not"] = new JsonObject { ["enum"] = Values(denied.Values, property) };
                break;
            case LengthAttribute length:
                Size(shape, length.MinimumLength, length.MaximumLength);
                break;
            case MinLengthAttribute min when ShapeKind.IsObject(shape):
                Size(shape, min.Length, null);
                break;
            case MaxLengthAttribute max when ShapeKind.IsObject(shape):
                Size(shape, 0, max.Length);
                break;
            case RangeAttribute range when ShapeKind.IsNumber(shape):
                Exclude(shape, range);
                break;
            default:
                if (ShapeKind.IsString(shape)) LayOverString(shape, attribute);
                break;
        }
    }

    private static void LayOverString(JsonObject shape, ValidationAttribute attribute)
    {
        if (attribute is RequiredAttribute { AllowEmptyStrings: false } && !shape.ContainsKey("enum")) Narrow.AtLeast(shape, "minLength", 1);
        if (attribute is EmailAddressAttribute) Narrow.ByPattern(shape, EmailPattern);
        if (attribute is UrlAttribute) Narrow.ByPattern(shape, UrlPattern);
        if (attribute is not Base64StringAttribute) return;
        shape["contentEncoding"] = TextForm.Base64.Encoding;
        Narrow.ByPattern(shape, TextForm.Base64.Pattern.ToString());
    }

    private static void Size(JsonObject shape, int least, int? most)
    {
        string things = ShapeKind.IsArray(shape) ? "Items" : ShapeKind.IsString(shape) ? "Length" : "Properties";
        if (least > 0) Narrow.AtLeast(shape, "min" + things, least);
        Narrow.AtMost(shape, "max" + things, most);
    }

    private static void Exclude(JsonObject shape, RangeAttribute range)
    {
        if (range.MinimumIsExclusive) Rename(shape, "minimum", "exclusiveMinimum");
        if (range.MaximumIsExclusive) Rename(shape, "maximum", "exclusiveMaximum");
    }

    private static void Rename(JsonObject shape, string keyword, string exclusive)
    {
        JsonNode? limit = shape[keyword];
        shape.Remove(keyword);
        shape[exclusive] = limit;
    }

    private static JsonArray Values(object?[] values, JsonPropertyInfo property)
    {
        IEnumerable<JsonNode?> nodes = values.Select(value => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), property.Options));
        return new JsonArray([.. nodes]);
    }
}
