using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>An integer type as JSON Schema sees integers: by value, within the type's own bounds.</summary>
internal sealed class IntegerConverter<T>(JsonConverter<T> inner) : JsonConverter<T>, IWireShape
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    private static readonly string Expected = string.Create(CultureInfo.InvariantCulture, $"an integer from {T.MinValue} to {T.MaxValue}");

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number) throw new ExpectationException(Expected);
        ReadOnlySpan<byte> text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return IntegerText.TryParse(text, out T value) ? value : throw new ExpectationException(Expected);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => inner.Write(writer, value, options);

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string name = reader.GetString()!;
        bool read = T.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value);
        // One spelling per number: "01" and "+1" would be further names of the same member.
        return read && value.ToString(null, CultureInfo.InvariantCulture) == name ? value : throw new ExpectationException(Expected);
    }

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString(null, CultureInfo.InvariantCulture));

    public JsonObject Shape() => new()
    {
        ["type"] = "integer",
        ["minimum"] = JsonNumber.Of(T.MinValue),
        ["maximum"] = JsonNumber.Of(T.MaxValue),
    };

    // Gap: a pattern bounds the number of digits, not the value; the few numbers between are refused by the binder alone.
    public JsonObject NameShape()
    {
        int digits = T.MaxValue.ToString(null, CultureInfo.InvariantCulture).Length;
        string sign = T.MinValue < T.Zero ? "-?" : "";
        return new JsonObject { ["pattern"] = $"^(0|{sign}[1-9][0-9]{{0,{digits - 1}}})$" };
    }
}
