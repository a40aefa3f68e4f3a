using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>The input schema of a tool that is a C# method: accepts exactly the arguments that <see cref="ArgumentBinder"/> binds.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Tool</remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class InputSchema
{
    /// <param name="bound">The parameters that arguments are bound to, without injected ones.</param>
    /// <param name="options">Made by <see cref="BindingOptions.ForArguments"/>.</param>
    /// <returns>A JSON Schema 2020-12 whose root is an object.</returns>
    public static JsonElement Of(IReadOnlyList<ParameterInfo> bound, JsonSerializerOptions options)
    {
        JsonTypeInfo contract = ArgumentContract.Of(bound, options);
        var writer = new ShapeWriter(SchemaDirection.Arguments, options);
        return writer.Definitions.AttachTo(ObjectShape.Of(contract, writer));
    }
}
