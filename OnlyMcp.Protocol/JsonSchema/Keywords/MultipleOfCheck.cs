using System.Numerics;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "multipleOf": JSON Schema 2020-12 Validation §6.2.1. Exact, whatever the size of the numbers.</summary>
internal sealed class MultipleOfCheck : ValueCheck
{
    private const int MostDigits = 1_000;

    private readonly string text;
    private readonly BigInteger digits; // the divisor is digits x 10^lastPower
    private readonly long lastPower;

    private MultipleOfCheck(KeywordSource keyword, ExactNumber divisor) : base(keyword.Path)
    {
        text = Wording.Json(keyword.Value);
        digits = divisor.DigitsModulo(BigInteger.Pow(10, divisor.DigitCount));
        lastPower = divisor.LastPower;
    }

    public override string Qualifier => $"that is a multiple of {text}";

    public static MultipleOfCheck? From(SchemaSource schema)
    {
        if (!schema.TryFind("multipleOf", out var keyword))
            return null;
        var divisor = ExactNumber.Of(keyword.Number());
        return divisor.IsZero || divisor.IsNegative || divisor.DigitCount > MostDigits
            ? throw keyword.Invalid($"a number greater than 0, of at most {MostDigits} digits")
            : new MultipleOfCheck(keyword, divisor);
    }

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Number)
            return true;
        var number = ExactNumber.Of(instance);
        if (number.IsZero)
            return true;

        // The last digit of either is not zero: a number that has decimals finer than the divisor's is no multiple of it.
        var shift = number.LastPower - lastPower;
        if (shift < 0 || !evaluation.Charge(1 + number.DigitCount / 8))
            return false;
        return number.DigitsModulo(digits) * BigInteger.ModPow(10, shift, digits) % digits == 0;
    }
}
