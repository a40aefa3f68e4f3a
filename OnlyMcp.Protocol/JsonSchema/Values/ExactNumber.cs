using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The exact value of a JSON number, read in place from its digits: nothing is rounded, nothing overflows.</summary>
internal readonly ref struct ExactNumber
{
    // An exponent beyond this counts as this: it keeps the sums below from overflowing, and no two sensible numbers meet there.
    private const long LargestExponent = 1_000_000_000_000_000;

    private readonly ReadOnlySpan<byte> digits; // from the first to the last digit that counts, perhaps with a point between
    private readonly int digitCount;
    private readonly long firstPower; // the first digit stands for digit x 10^firstPower

    public ExactNumber(ReadOnlySpan<byte> json)
    {
        IsNegative = json[0] == '-';
        if (IsNegative)
            json = json[1..];
        var mark = json.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = mark < 0 ? json : json[..mark];
        var first = mantissa.IndexOfAnyExcept((byte)'0', (byte)'.');
        if (first < 0)
            return;

        var last = mantissa.LastIndexOfAnyExcept((byte)'0', (byte)'.');
        var point = mantissa.IndexOf((byte)'.');
        var wholeDigits = point < 0 ? mantissa.Length : point;
        digits = mantissa[first..(last + 1)];
        digitCount = digits.Length - (first < wholeDigits && wholeDigits < last ? 1 : 0);
        firstPower = wholeDigits - first - (first < wholeDigits ? 1 : 0) + (mark < 0 ? 0 : ReadExponent(json[(mark + 1)..]));
    }

    public bool IsNegative { get; }

    public bool IsZero => digits.IsEmpty;

    /// <summary>JSON Schema 2020-12 Validation §6.1.1: a number with a zero fractional part is an integer, however it is written.</summary>
    public bool IsInteger => IsZero || LastPower >= 0;

    /// <summary>The power of ten that the last digit stands for.</summary>
    public long LastPower => firstPower - digitCount + 1;

    public int DigitCount => digitCount;

    public static ExactNumber Of(JsonElement number) => new(JsonMarshal.GetRawUtf8Value(number));

    public int CompareTo(ExactNumber other)
    {
        if (IsZero || other.IsZero || IsNegative != other.IsNegative)
            return Sign.CompareTo(other.Sign);
        var sizes = firstPower != other.firstPower ? firstPower.CompareTo(other.firstPower) : CompareDigits(other);
        return IsNegative ? -sizes : sizes;
    }

    public void AddTo(ref HashCode hash)
    {
        hash.Add(Sign);
        hash.Add(firstPower);
        foreach (var digit in digits)
        {
            if (digit != '.')
                hash.Add(digit);
        }
    }

    /// <summary>What is left of the digits, read as one whole number, after division.</summary>
    public BigInteger DigitsModulo(BigInteger divisor)
    {
        // Nine digits at a time fit an int, and the rest stays below the divisor: linear, however long the number is.
        var (rest, chunk, scale) = (BigInteger.Zero, 0, 1);
        foreach (var digit in digits)
        {
            if (digit == '.')
                continue;
            (chunk, scale) = (chunk * 10 + (digit - '0'), scale * 10);
            if (scale == 1_000_000_000)
                (rest, chunk, scale) = ((rest * scale + chunk) % divisor, 0, 1);
        }

        return (rest * scale + chunk) % divisor;
    }

    private int Sign => IsZero ? 0 : IsNegative ? -1 : 1;

    private static long ReadExponent(ReadOnlySpan<byte> text)
    {
        var value = 0L;
        foreach (var digit in text.TrimStart("+-"u8))
            value = Math.Min(value * 10 + (digit - '0'), LargestExponent);
        return text[0] == '-' ? -value : value;
    }

    private int CompareDigits(ExactNumber other)
    {
        var (left, right) = (0, 0);
        while (left < digits.Length && right < other.digits.Length)
        {
            if (digits[left] == '.')
                left++;
            else if (other.digits[right] == '.')
                right++;
            else if (digits[left] != other.digits[right])
                return digits[left] - other.digits[right];
            else
                (left, right) = (left + 1, right + 1);
        }

        return digitCount.CompareTo(other.digitCount);
    }
}
