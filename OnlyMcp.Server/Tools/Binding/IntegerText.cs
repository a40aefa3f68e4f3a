using System.Globalization;
using System.Numerics;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Reads the text of a JSON number as an integer by value, not by spelling: <c>1.0</c>, <c>1e2</c> and <c>-0</c> are integers.</summary>
internal static class IntegerText
{
    // 39 digits hold every 128-bit integer; more of them is an overflow, whatever the type.
    private const int MostDigits = 39;

    public static bool TryParse<T>(ReadOnlySpan<byte> number, out T value) where T : IBinaryInteger<T>
    {
        if (T.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value!)) return true;

        int mantissaEnd = number.IndexOfAny((byte)'e', (byte)'E');
        ReadOnlySpan<byte> mantissa = mantissaEnd < 0 ? number : number[..mantissaEnd];
        ReadOnlySpan<byte> exponent = mantissaEnd < 0 ? default : number[(mantissaEnd + 1)..];
        return TryScale(mantissa, Exponent(exponent), out value);
    }

    private static bool TryScale<T>(ReadOnlySpan<byte> mantissa, long exponent, out T value) where T : IBinaryInteger<T>
    {
        bool negative = mantissa[0] == '-';
        int point = mantissa.IndexOf((byte)'.');
        int fractionDigits = point < 0 ? 0 : mantissa.Length - point - 1;
        ReadOnlySpan<byte> digits = Digits(mantissa, out int droppedZeros);

        value = T.Zero;
        if (digits.IsEmpty) return true;
        long zeros = exponent - fractionDigits + droppedZeros;
        if (zeros < 0 || digits.Length + zeros > MostDigits) return false;
        string spelled = (negative ? "-" : "") + System.Text.Encoding.ASCII.GetString(digits) + new string('0', (int)zeros);
        return T.TryParse(spelled, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value!);
    }

    /// <summary>The significant digits, without sign, point and the zeros around them.</summary>
    private static ReadOnlySpan<byte> Digits(ReadOnlySpan<byte> mantissa, out int droppedZeros)
    {
        var digits = new List<byte>(mantissa.Length);
        foreach (byte b in mantissa)
            if (b is >= (byte)'0' and <= (byte)'9' && (digits.Count > 0 || b != '0')) digits.Add(b);

        int before = digits.Count;
        while (digits.Count > 0 && digits[^1] == '0') digits.RemoveAt(digits.Count - 1);
        droppedZeros = before - digits.Count;
        return digits.ToArray();
    }

    private static long Exponent(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return 0;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long exponent))
            return Math.Clamp(exponent, int.MinValue, int.MaxValue);
        return text[0] == '-' ? int.MinValue : int.MaxValue;
    }
}
