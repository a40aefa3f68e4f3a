using System.Globalization;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A set of Unicode code points, which .NET regular expressions, blind to anything beyond 16 bits, are taught to match.</summary>
internal sealed class CodePointSet
{
    private const int Largest = 0x10FFFF;
    private const int LargestBasic = 0xFFFF;

    private readonly List<(int First, int Last)> ranges;

    public CodePointSet(params IEnumerable<(int First, int Last)> ranges) => this.ranges = Normalize(ranges);

    public IReadOnlyList<(int First, int Last)> Ranges => ranges;

    public static CodePointSet Union(IEnumerable<CodePointSet> sets) => new(sets.SelectMany(set => set.ranges));

    public CodePointSet Complement()
    {
        var (gaps, next) = (new List<(int, int)>(), 0);
        foreach (var (first, last) in ranges)
        {
            if (first > next)
                gaps.Add((next, first - 1));
            next = last + 1;
        }

        if (next <= Largest)
            gaps.Add((next, Largest));
        return new CodePointSet(gaps);
    }

    /// <summary>The set as a piece of a .NET pattern. Code points beyond 16 bits become pairs of surrogates; halves of a pair never match.</summary>
    public string ToRegex()
    {
        var alternatives = new List<string>();
        var basic = string.Concat(ranges.SelectMany(Basic).Select(range => Range(range.First, range.Last)));
        if (basic.Length > 0)
            alternatives.Add($"[{basic}]");
        alternatives.AddRange(ranges.Where(range => range.Last > LargestBasic)
            .SelectMany(range => Pairs(Math.Max(range.First, LargestBasic + 1), range.Last)));
        return alternatives.Count switch
        {
            0 => @"[^\u0000-\uFFFF]",
            1 => alternatives[0].StartsWith('[') ? alternatives[0] : $"(?:{alternatives[0]})",
            _ => $"(?:{string.Join('|', alternatives)})",
        };
    }

    // What lies in 16 bits, without the surrogates.
    private static IEnumerable<(int First, int Last)> Basic((int First, int Last) range)
    {
        if (range.First < 0xD800)
            yield return (range.First, Math.Min(range.Last, 0xD7FF));
        if (range.Last > 0xDFFF && range.First <= LargestBasic)
            yield return (Math.Max(range.First, 0xE000), Math.Min(range.Last, LargestBasic));
    }

    // A range of pairs: up to the end of its first high surrogate, all of those between, and from the start of its last one.
    private static List<string> Pairs(int first, int last)
    {
        var (start, end) = (char.ConvertFromUtf32(first), char.ConvertFromUtf32(last));
        if (start[0] == end[0])
            return [Pair(start[0], start[0], start[1], end[1])];
        var pairs = new List<string> { Pair(start[0], start[0], start[1], 0xDFFF) };
        if (end[0] - start[0] > 1)
            pairs.Add(Pair(start[0] + 1, end[0] - 1, 0xDC00, 0xDFFF));
        pairs.Add(Pair(end[0], end[0], 0xDC00, end[1]));
        return pairs;
    }

    private static string Pair(int firstHigh, int lastHigh, int firstLow, int lastLow)
        => $"(?:[{Range(firstHigh, lastHigh)}][{Range(firstLow, lastLow)}])";

    private static string Range(int first, int last)
        => string.Create(CultureInfo.InvariantCulture, $"\\u{first:X4}") + (last > first ? string.Create(CultureInfo.InvariantCulture, $"-\\u{last:X4}") : "");

    private static List<(int First, int Last)> Normalize(IEnumerable<(int First, int Last)> ranges)
    {
        var normal = new List<(int First, int Last)>();
        foreach (var (first, last) in ranges.OrderBy(range => range.First))
        {
            if (normal.Count > 0 && first <= normal[^1].Last + 1)
                normal[^1] = (normal[^1].First, Math.Max(normal[^1].Last, last));
            else
                normal.Add((first, last));
        }

        return normal;
    }
}
