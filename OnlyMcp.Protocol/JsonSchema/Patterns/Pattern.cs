using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A regular expression of a schema: ECMA-262 with Unicode, not anchored, and bounded in time.</summary>
/// <remarks>JSON Schema 2020-12 Core §6.4.</remarks>
internal sealed class Pattern
{
    private const int LongestSource = 10_000;
    private const int ShortText = 256;

    // The automaton of a set with hundreds of pieces, \p{Letter} say, takes a third of a second to build.
    private const int LongestLinear = 2_000;

    private readonly string source;
    private readonly Regex regex;
    private readonly bool isLinear;

    private Pattern(string source, Regex regex)
    {
        this.source = source;
        this.regex = regex;
        isLinear = regex.Options.HasFlag(RegexOptions.NonBacktracking);
    }

    public override string ToString() => Wording.Shorten(source);

    public static Pattern Parse(string source, TimeSpan timeout, string path)
    {
        if (source.Length > LongestSource)
            throw new JsonSchemaException(path, $"a regular expression has at most {LongestSource} characters, this one {source.Length}");
        try
        {
            return new Pattern(source, Build(new EcmaPattern(source).Translate(), timeout));
        }
        catch (ArgumentException exception)
        {
            throw new JsonSchemaException(path, $"{Wording.Quote(source)} is not a regular expression: {exception.Message}", exception);
        }
    }

    public bool IsMatch(ReadOnlySpan<byte> utf8, ref Evaluation evaluation)
    {
        if (!evaluation.Charge(1 + utf8.Length / 8))
            return false;
        if (utf8.Length <= ShortText)
        {
            Span<char> text = stackalloc char[ShortText];
            return IsMatch(text[..Encoding.UTF8.GetChars(utf8, text)], ref evaluation);
        }

        var rented = ArrayPool<char>.Shared.Rent(utf8.Length);
        var matches = IsMatch(rented.AsSpan(0, Encoding.UTF8.GetChars(utf8, rented)), ref evaluation);
        ArrayPool<char>.Shared.Return(rented);
        return matches;
    }

    private bool IsMatch(ReadOnlySpan<char> text, ref Evaluation evaluation)
    {
        try
        {
            if (isLinear)
                return regex.IsMatch(text);
            var start = Stopwatch.GetTimestamp();
            var matches = regex.IsMatch(text);
            return evaluation.ChargeMatch(Stopwatch.GetElapsedTime(start)) && matches;
        }
        catch (RegexMatchTimeoutException)
        {
            return evaluation.GiveUp(
                $"a string that the pattern {this} can search in {regex.MatchTimeout.TotalMilliseconds} ms",
                $"one of {Wording.Count(text.Length, "character", "characters")} that takes longer");
        }
    }

    // Linear in the length of the text, where the pattern allows it: lookaround and back references need backtracking.
    private static Regex Build(string pattern, TimeSpan timeout)
    {
        if (pattern.Length > LongestLinear)
            return new Regex(pattern, RegexOptions.CultureInvariant, timeout);
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, timeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, timeout);
        }
    }
}
