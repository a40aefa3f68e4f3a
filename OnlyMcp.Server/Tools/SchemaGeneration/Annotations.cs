using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>What people write about their types and parameters, laid over the shape that the serializer gives them.</summary>
/// <remarks>
/// An annotation narrows a shape and never widens it. NJsonSchema is only touched where there is something for it to read, because its
/// first call costs a quarter of a second.
/// </remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class Annotations
{
    public static void Describe(JsonObject shape, Type type)
    {
        // The list of parameters is a type of ours, about which there is nothing to say.
        if (type != typeof(BoundArguments) && Documentation.Of(type) is { } description) shape["description"] = description;
    }

    public static void LayOver(JsonObject shape, JsonPropertyInfo property)
    {
        // The positional parameter of a record carries what is written about its property.
        ICustomAttributeProvider?[] places = [property.AttributeProvider, property.AssociatedParameter?.AttributeProvider];
        foreach (ICustomAttributeProvider place in places.OfType<ICustomAttributeProvider>())
        {
            if (Documentation.Of(place) is { } description) shape["description"] = description;
            if (place.GetCustomAttributes(typeof(McpHeaderAttribute), inherit: true) is [McpHeaderAttribute header, ..])
                shape[ParameterHeaders.Annotation] = header.Name;
            if (!place.IsDefined(typeof(ValidationAttribute), inherit: true)) continue;
            WrittenAnnotations.LayOver(shape, place);
            NewerAnnotations.LayOver(shape, place, property);
        }
    }
}
