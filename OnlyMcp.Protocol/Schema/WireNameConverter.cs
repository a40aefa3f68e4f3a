using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// JsonStringEnumConverter reads " info" and "debug,info" as well.
/// <summary>
/// Writes enums under the names that <see cref="JsonStringEnumMemberNameAttribute"/> gives them, letter by letter, and never as numbers.
/// </summary>
public sealed class WireNameConverter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEnum>
    : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private readonly Dictionary<string, TEnum> values = new(StringComparer.Ordinal);
    private readonly Dictionary<TEnum, string> names = [];

    /// <summary>Reads the names off the enum.</summary>
    public WireNameConverter()
    {
        foreach (FieldInfo field in typeof(TEnum).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            string name = field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name;
            var value = (TEnum)field.GetValue(null)!;
            values.Add(name, value);
            names.Add(value, name);
        }
    }

    /// <inheritdoc/>
    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && values.TryGetValue(reader.GetString()!, out TEnum value)) return value;
        throw new JsonException($"Not one of {string.Join(", ", values.Keys)}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options)
    {
        if (!names.TryGetValue(value, out string? name)) throw new JsonException($"{typeof(TEnum).Name} has no value {value}.");
        writer.WriteStringValue(name);
    }
}
