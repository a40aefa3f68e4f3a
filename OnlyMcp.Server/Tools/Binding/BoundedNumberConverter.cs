using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>
/// A fractional type that JSON numbers easily leave (decimal, Half): within its bounds a number is rounded, beyond them refused.
/// </summary>
/// <remarks>
/// Choice: float and double keep the serializer's own converters, which round what is beyond their range to infinity, as IEEE 754 and
/// JavaScript do; bounds of 308 digits in every schema would help no one.
/// </remarks>
internal sealed class BoundedNumberConverter<T>(JsonConverter<T> inner) : JsonConverter<T>, IWireShape
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    // Whole numbers, both; as text a Half would be rounded to as many digits as tell it from other Halves.
    private static readonly BigInteger Least = BigInteger.CreateChecked(T.MinValue);
    private static readonly BigInteger Most = BigInteger.CreateChecked(T.MaxValue);
    private static readonly string Expected = string.Create(CultureInfo.InvariantCulture, $"a number from {Least} to {Most}");

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number) throw new ExpectationException(Expected);
        ReadOnlySpan<byte> text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        bool read = T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && IsWithin(text);
        return read ? value : throw new ExpectationException(Expected);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => inner.Write(writer, value, options);

    public JsonObject Shape() => new()
    {
        ["type"] = "number",
        ["minimum"] = JsonNumber.Of(Least),
        ["maximum"] = JsonNumber.Of(Most),
    };

    public JsonObject? NameShape() => null;

    // Half rounds 65504.4 into its range, where the schema refuses it: compare before rounding.
    // Gap: a decimal with a fraction beyond its 28 digits at the very bound is still rounded into it.
    private static bool IsWithin(ReadOnlySpan<byte> text)
    {
        double value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return value >= double.CreateChecked(T.MinValue) && value <= double.CreateChecked(T.MaxValue);
    }
}
