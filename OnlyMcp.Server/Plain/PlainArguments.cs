using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Plain;

/// <summary>
/// Binds by hand what most tools take: text, numbers and flags, each given, once. Whatever else there is goes to the contract, which alone
/// says what is wrong with arguments.
/// </summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class PlainArguments
{
    /// <summary>A parameter is looked for among all: with more, the contract is no slower.</summary>
    private const int Most = 8;

    private static readonly object True = true, False = false;

    private readonly (byte[] Name, Func<JsonElement, object?> Read)[] parameters;

    private PlainArguments((byte[] Name, Func<JsonElement, object?> Read)[] parameters) => this.parameters = parameters;

    /// <summary>The binder for this contract; null if it has a parameter of another type, or one that a converter of the user's reads.</summary>
    public static PlainArguments? Of(JsonTypeInfo<BoundArguments> contract)
    {
        if (contract.Properties.Count > Most) return null;
        var parameters = new (byte[] Name, Func<JsonElement, object?> Read)[contract.Properties.Count];
        for (int i = 0; i < parameters.Length; i++)
        {
            JsonPropertyInfo property = contract.Properties[i];
            if (ReaderOf(property.PropertyType, contract.Options.GetConverter(property.PropertyType)) is not { } read) return null;
            parameters[i] = (Encoding.UTF8.GetBytes(property.Name), read);
        }
        return new PlainArguments(parameters);
    }

    /// <returns>One value per parameter, in a new array; null for the contract to bind.</returns>
    public object?[]? Bind(JsonElement arguments)
    {
        if (arguments.ValueKind != JsonValueKind.Object) return null;
        var values = new object?[parameters.Length];
        int given = 0;
        foreach (JsonProperty member in arguments.EnumerateObject())
        {
            int position = PositionOf(member);
            if (position < 0 || values[position] is not null) return null;
            values[position] = parameters[position].Read(member.Value);
            if (values[position] is null) return null;
            given++;
        }
        return given == values.Length ? values : null;
    }

    private int PositionOf(JsonProperty member)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            if (member.NameEquals(parameters[i].Name)) return i;
        }
        return -1;
    }

    private static Func<JsonElement, object?>? ReaderOf(Type type, JsonConverter converter) =>
        type == typeof(string) && converter == JsonMetadataServices.StringConverter ? Text
        : type == typeof(bool) && converter == JsonMetadataServices.BooleanConverter ? Flag
        : type == typeof(int) && converter is IntegerConverter<int> ? Int32
        : type == typeof(long) && converter is IntegerConverter<long> ? Int64
        : type == typeof(double) && converter == JsonMetadataServices.DoubleConverter ? Double
        : null;

    // 1.0 is an integer too, to the contract.
    private static object? Int32(JsonElement value) => IsNumber(value) && value.TryGetInt32(out int number) ? number : null;

    private static object? Int64(JsonElement value) => IsNumber(value) && value.TryGetInt64(out long number) ? number : null;

    private static object? Double(JsonElement value) => IsNumber(value) && value.TryGetDouble(out double number) ? number : null;

    private static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number;

    private static object? Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => True,
        JsonValueKind.False => False,
        _ => null,
    };

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: the contract says where.
            return null;
        }
    }
}
