using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>The output schema of a tool that is a C# method: what the serializer writes for its result.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Output Schema</remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class OutputSchema
{
    /// <param name="returnType">As declared: a task is looked through.</param>
    /// <param name="options">Made by <see cref="BindingOptions.ForResults"/>.</param>
    /// <returns>Null where the method returns nothing.</returns>
    public static JsonElement? Of(Type returnType, JsonSerializerOptions options) => Of(ReturnType.ResultOf(returnType), null, options);

    /// <summary>The same for a method, whose nullable annotations are read as well.</summary>
    public static JsonElement? Of(MethodInfo method, JsonSerializerOptions options)
    {
        Type? result = ReturnType.ResultOf(method.ReturnType);
        NullabilityInfo? annotations = Nullability.Of(method.ReturnParameter);
        bool isTask = result is not null && result != method.ReturnType;
        return Of(result, isTask ? annotations?.GenericTypeArguments[0] : annotations, options);
    }

    private static JsonElement? Of(Type? result, NullabilityInfo? annotations, JsonSerializerOptions options)
    {
        if (result is null) return null;
        var writer = new ShapeWriter(SchemaDirection.Results, options);
        bool isNullable = annotations?.ReadState == NullabilityState.Nullable || Nullable.GetUnderlyingType(result) is not null;
        JsonObject shape = writer.Of(result, annotations, isNullable);
        return writer.Definitions.AttachTo(shape);
    }
}
