using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Whether a parameter may be left out, and the value that it then has.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class ParameterDefault
{
    /// <summary>A default value or <c>params</c> makes a parameter optional, and so does its being nullable.</summary>
    public static bool IsOptional(ParameterInfo parameter, NullabilityInfo annotations)
    {
        if (parameter.IsDefined(typeof(RequiredAttribute))) return false;
        return parameter.HasDefaultValue || IsParams(parameter) || AllowsNull(parameter, annotations);
    }

    /// <summary>Choice: code without nullable annotations gets no nulls; there, nobody said that it expects them.</summary>
    public static bool AllowsNull(ParameterInfo parameter, NullabilityInfo annotations)
    {
        if (parameter.ParameterType.IsValueType) return Nullable.GetUnderlyingType(parameter.ParameterType) is not null;
        return annotations.WriteState == NullabilityState.Nullable && !parameter.IsDefined(typeof(RequiredAttribute));
    }

    public static object? Of(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (parameter.HasDefaultValue && parameter.DefaultValue is { } value) return OfType(value, type);
        if (IsParams(parameter) && type.IsArray) return Array.CreateInstance(type.GetElementType()!, 0);
        return type.IsValueType && Nullable.GetUnderlyingType(type) is null ? RuntimeHelpers.GetUninitializedObject(type) : null;
    }

    public static bool IsParams(ParameterInfo parameter) => parameter.IsDefined(typeof(ParamArrayAttribute));

    // The default of a nullable enum is stored as the underlying number.
    private static object OfType(object value, Type type)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare.IsEnum && value.GetType() != bare ? Enum.ToObject(bare, value) : value;
    }
}
