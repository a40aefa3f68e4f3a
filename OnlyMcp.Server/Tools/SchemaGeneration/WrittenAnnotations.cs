using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Nodes;
using Namotion.Reflection;
using NJsonSchema.Generation;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>DataAnnotations as NJsonSchema reads them: Range, StringLength, MinLength, MaxLength, RegularExpression, EmailAddress, Url, DataType.</summary>
/// <remarks>It is asked about one member at a time, and for its annotations only: the shape is the serializer's.</remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
internal static class WrittenAnnotations
{
    // What the specification of JSON Schema defines; NJsonSchema knows more ("phone", "int32"), which a validator may refuse.
    private static readonly HashSet<string> Formats = ["date-time", "date", "time", "email", "uri"];

    private static readonly JsonSchemaGenerator Generator = new(new JsonSchemaGeneratorSettings());

    public static void LayOver(JsonObject shape, ICustomAttributeProvider member)
    {
        NJsonSchema.JsonSchema read = Read(member);
        if (ShapeKind.IsNumber(shape)) LayOverNumber(shape, read);
        if (ShapeKind.IsArray(shape)) LayOverArray(shape, read);
        if (ShapeKind.IsString(shape)) LayOverString(shape, read);
    }

    private static NJsonSchema.JsonSchema Read(ICustomAttributeProvider member)
    {
        ContextualType place = member switch
        {
            ParameterInfo parameter => parameter.ToContextualParameter(),
            PropertyInfo property => property.ToContextualProperty().AccessorType,
            FieldInfo field => field.ToContextualField().AccessorType,
            _ => throw new NotSupportedException(),
        };
        JsonTypeDescription description = Generator.Settings.ReflectionService.GetDescription(place, Generator.Settings);
        var schema = new NJsonSchema.JsonSchema();
        description.ApplyType(schema);
        Generator.ApplyDataAnnotations(schema, description);
        return schema;
    }

    private static void LayOverNumber(JsonObject shape, NJsonSchema.JsonSchema read)
    {
        Narrow.AtLeast(shape, "minimum", read.Minimum);
        Narrow.AtMost(shape, "maximum", read.Maximum);
        if (read.MultipleOf is { } step) shape["multipleOf"] = JsonNumber.Of(step);
    }

    private static void LayOverArray(JsonObject shape, NJsonSchema.JsonSchema read)
    {
        if (read.MinItems > 0) Narrow.AtLeast(shape, "minItems", read.MinItems);
        if (read.MaxItems > 0) Narrow.AtMost(shape, "maxItems", read.MaxItems);
    }

    private static void LayOverString(JsonObject shape, NJsonSchema.JsonSchema read)
    {
        if (read.MinLength > 0) Narrow.AtLeast(shape, "minLength", read.MinLength);
        Narrow.AtMost(shape, "maxLength", read.MaxLength);
        if (read.Pattern is { } pattern) Narrow.ByPattern(shape, Whole(pattern));
        if (read.Format is { } format && Formats.Contains(format) && !shape.ContainsKey("pattern")) shape["format"] = format;
    }

    // [RegularExpression] speaks of the whole string, JSON Schema of any part of it.
    private static string Whole(string pattern)
    {
        bool whole = pattern.StartsWith('^') && pattern.EndsWith('$') && !pattern.EndsWith(@"\$", StringComparison.Ordinal) && !pattern.Contains('|');
        return whole ? pattern : $"^(?:{pattern})$";
    }
}
