using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>
/// A parameter list as an object type that exists only as metadata: every parameter is a property. The binder deserializes into it and the
/// schema is read off it, so the two cannot disagree about names, optionality or types.
/// </summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class ArgumentContract
{
    /// <param name="parameters">The parameters that the arguments are bound to, without injected ones.</param>
    /// <param name="options">Made by <see cref="BindingOptions.ForArguments"/>.</param>
    public static JsonTypeInfo<BoundArguments> Of(IReadOnlyList<ParameterInfo> parameters, JsonSerializerOptions options)
    {
        var contract = JsonTypeInfo.CreateJsonTypeInfo<BoundArguments>(options);
        object?[] defaults = [.. parameters.Select(ParameterDefault.Of)];
        contract.CreateObject = () => new BoundArguments { Values = (object?[])defaults.Clone() };
        contract.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        contract.Properties.Clear();
        for (int i = 0; i < parameters.Count; i++) contract.Properties.Add(PropertyOf(parameters[i], i, contract));
        contract.MakeReadOnly();
        return contract;
    }

    /// <summary>The name of a parameter in JSON.</summary>
    public static string NameOf(ParameterInfo parameter, JsonSerializerOptions options) =>
        options.PropertyNamingPolicy?.ConvertName(parameter.Name!) ?? parameter.Name!;

    private static JsonPropertyInfo PropertyOf(ParameterInfo parameter, int position, JsonTypeInfo contract)
    {
        JsonPropertyInfo property = contract.CreateJsonPropertyInfo(parameter.ParameterType, NameOf(parameter, contract.Options));
        NullabilityInfo annotations = Nullability.Of(parameter)!;
        Lazy<Action<object>?> check = new(() => NullElements.CheckOf(contract.Options.GetTypeInfo(parameter.ParameterType), annotations));
        property.Set = (target, value) =>
        {
            if (value is not null) check.Value?.Invoke(value);
            ((BoundArguments)target).Values[position] = value;
        };
        property.AttributeProvider = parameter;
        property.IsRequired = !ParameterDefault.IsOptional(parameter, annotations);
        if (!parameter.ParameterType.IsValueType) property.IsSetNullable = ParameterDefault.AllowsNull(parameter, annotations);
        return property;
    }
}
