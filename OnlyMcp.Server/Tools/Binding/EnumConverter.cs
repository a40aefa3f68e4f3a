using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>
/// An enum by the names that its source gives it, matched exactly; no numbers. An enum of flags is an array of those names.
/// </summary>
/// <remarks>The serializer's own string converter reads any casing and comma-separated lists, which no schema can state.</remarks>
internal sealed class EnumConverter<T> : JsonConverter<T>, IWireShape where T : struct, Enum
{
    private static readonly bool IsFlags = typeof(T).IsDefined(typeof(FlagsAttribute));
    private static readonly KeyValuePair<string, T>[] Members = [.. typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static).Select(Member)];
    private static readonly Dictionary<string, T> ByName = Members.ToDictionary();
    private static readonly string Choices = string.Join(", ", Members.Select(m => m.Key));
    private static readonly string Expected = IsFlags ? $"an array of names among {Choices}" : $"one of {Choices}";

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (!IsFlags) return One(ref reader);
        if (reader.TokenType != JsonTokenType.StartArray) throw new ExpectationException(Expected);

        long bits = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) bits |= EnumBits.Of(One(ref reader));
        return EnumBits.To<T>(bits);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (!IsFlags)
        {
            writer.WriteStringValue(NameOf(value));
            return;
        }
        writer.WriteStartArray();
        foreach (string name in NamesOf(value)) writer.WriteStringValue(name);
        writer.WriteEndArray();
    }

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ByName.TryGetValue(reader.GetString()!, out T value) ? value : throw new ExpectationException($"one of {Choices}");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(NameOf(value));

    public JsonObject Shape()
    {
        JsonObject one = NameShape();
        one.Insert(0, "type", "string");
        return IsFlags ? new JsonObject { ["type"] = "array", ["items"] = one } : one;
    }

    public JsonObject NameShape() => new() { ["enum"] = new JsonArray([.. Members.Select(m => JsonValue.Create(m.Key))]) };

    private static T One(ref Utf8JsonReader reader)
    {
        bool known = reader.TokenType == JsonTokenType.String && ByName.ContainsKey(reader.GetString()!);
        return known ? ByName[reader.GetString()!] : throw new ExpectationException(Expected);
    }

    private static string NameOf(T value)
    {
        foreach ((string name, T member) in Members)
            if (EqualityComparer<T>.Default.Equals(member, value)) return name;
        throw new JsonException($"{value} is no member of {typeof(T).Name}: one of {Choices} can be written.");
    }

    private static List<string> NamesOf(T value)
    {
        long left = EnumBits.Of(value);
        var names = new List<string>();
        foreach ((string name, T member) in Members)
        {
            long flag = EnumBits.Of(member);
            // A name of several flags says nothing that those do not.
            if (long.PopCount(flag) != 1 || (left & flag) == 0) continue;
            names.Add(name);
            left &= ~flag;
        }
        return left == 0 ? names : throw new JsonException($"{value} has bits that no member of {typeof(T).Name} names.");
    }

    private static KeyValuePair<string, T> Member(FieldInfo field) =>
        new(field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name, (T)field.GetValue(null)!);
}
