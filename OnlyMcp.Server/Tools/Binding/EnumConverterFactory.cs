using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Gives every enum an <see cref="EnumConverter{T}"/>, except one that names a converter of its own.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class EnumConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum && !HasOwnConverter(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(EnumConverter<>).MakeGenericType(typeToConvert))!;

    // The string converters of System.Text.Json are what this class stands for; any other was chosen for a reason.
    private static bool HasOwnConverter(Type type)
    {
        Type? named = type.GetCustomAttribute<JsonConverterAttribute>()?.ConverterType;
        bool ours = named is null || named == typeof(JsonStringEnumConverter)
            || (named.IsGenericType && named.GetGenericTypeDefinition() == typeof(JsonStringEnumConverter<>));
        return !ours;
    }
}
