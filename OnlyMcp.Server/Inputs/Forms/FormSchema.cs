using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Inputs.Forms;

/// <summary>The schema of a form, from the schema that a tool's parameter of the same type would have.</summary>
/// <remarks>Spec: 2026-07-28 client/elicitation §Requested Schema</remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class FormSchema
{
    /// <param name="type">What the form asks for; of options made by <see cref="BindingOptions.ForArguments"/>.</param>
    /// <param name="strict">All that the type asks of a value, also what a form has no words for.</param>
    /// <exception cref="ArgumentException">The type, or a member, has no place in a form.</exception>
    public static ElicitSchema Of(JsonTypeInfo type, out JsonElement strict)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.PolymorphismOptions is not null)
            throw new ArgumentException($"{type.Type.Name} is no form: that is made from a class or record whose members are its fields.");

        var writer = new ShapeWriter(SchemaDirection.Arguments, type.Options);
        var whole = ObjectShape.Of(type, writer);
        var shapes = whole["properties"]!.AsObject();
        var initial = new InitialValues(type);
        var fields = new Dictionary<string, PrimitiveSchema>();
        var required = new JsonArray();
        foreach (var property in type.Properties.Where(property => shapes.ContainsKey(property.Name)))
        {
            var shape = shapes[property.Name]!.AsObject();
            if (initial.Of(property) is { } value)
                shape["default"] = value;
            else if (!AllowsNull(shape))
                required.Add((JsonNode)property.Name);

            fields[property.Name] = FormField.Of(property, shape, writer);
        }

        whole["required"] = required;
        strict = writer.Definitions.AttachTo(whole);
        var names = required.Select(name => name!.GetValue<string>()).ToArray();
        return new ElicitSchema { Properties = fields, Required = names.Length > 0 ? names : null };
    }

    private static bool AllowsNull(JsonObject shape) =>
        shape["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null");
}
