using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Plain;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Turns the JSON arguments of a call into the values of the parameters.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class ArgumentBinder
{
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();

    private readonly JsonTypeInfo<BoundArguments> contract;
    private readonly PlainArguments? plain;

    public ArgumentBinder(IReadOnlyList<ParameterInfo> parameters, JsonSerializerOptions options)
    {
        contract = ArgumentContract.Of(parameters, options);
        plain = PlainArguments.Of(contract);
    }

    /// <param name="arguments">An object; the default value stands for a call without arguments.</param>
    /// <returns>One value per parameter. The array is new, and the caller's to change.</returns>
    /// <exception cref="InvalidToolInputException">The arguments do not fit the parameters.</exception>
    public object?[] Bind(JsonElement arguments)
    {
        if (arguments.ValueKind == JsonValueKind.Undefined) arguments = NoArguments;
        if (plain?.Bind(arguments) is { } values) return values;
        try
        {
            BoundArguments? bound = JsonSerializer.Deserialize(arguments, contract);
            return bound?.Values ?? throw new InvalidToolInputException("", "an object", "null");
        }
        // NotSupportedException: an abstract type without its discriminator. InvalidOperationException: an object for a JsonValue.
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw BindingFailure.Explain(e, arguments);
        }
    }
}
