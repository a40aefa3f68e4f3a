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

    /// <summary>The set as a piece of a .NET pattern.</summary>
    /// <remarks>Code points beyond 16 bits become pairs of surrogates; halves of a pair never match.</remarks>
    public string ToRegex()
    {
        var basic = Text(ranges.SelectMany(Basic));
        string[] alternatives = [.. basic.Length > 0 ? [$"[{basic}]"] : Array.Empty<string>(), .. SurrogatePairs()];
        return alternatives.Length switch
        {
            0 => @"[^\u0000-\uFFFF]",
            1 when basic.Length > 0 => alternatives[0],
            _ => $"(?:{string.Join('|', alternatives)})",
        };
    }

    // High surrogates that go with the same low ones share an alternative: one for each range would make a slow pattern of \p{Letter}.
    private IEnumerable<string> SurrogatePairs()
    {
        var lows = new SortedDictionary<int, string>();
        foreach (var (high, range) in ranges.Where(range => range.Last > LargestBasic).SelectMany(Pairs))
            lows[high] = lows.GetValueOrDefault(high, "") + range;
        return lows.GroupBy(pair => pair.Value, pair => pair.Key)
            .Select(group => $"[{Text(new CodePointSet(group.Select(high => (high, high))).ranges)}][{group.Key}]");
    }

    // What lies in 16 bits, without the surrogates.
    private static IEnumerable<(int First, int Last)> Basic((int First, int Last) range)
    {
        if (range.First < 0xD800)
            yield return (range.First, Math.Min(range.Last, 0xD7FF));
        if (range.Last > 0xDFFF && range.First <= LargestBasic)
            yield return (Math.Max(range.First, 0xE000), Math.Min(range.Last, LargestBasic));
    }

    // For each high surrogate of the range, the low ones that may follow it.
    private static IEnumerable<(int High, string Lows)> Pairs((int First, int Last) range)
    {
        var (start, end) = (char.ConvertFromUtf32(Math.Max(range.First, LargestBasic + 1)), char.ConvertFromUtf32(range.Last));
        for (int high = start[0]; high <= end[0]; high++)
            yield return (high, Range(high == start[0] ? start[1] : 0xDC00, high == end[0] ? end[1] : 0xDFFF));
    }

    private static string Text(IEnumerable<(int First, int Last)> ranges)
        => string.Concat(ranges.Select(range => Range(range.First, range.Last)));

    private static string Range(int first, int last)
        => string.Create(CultureInfo.InvariantCulture, $"\\u{first:X4}-\\u{last:X4}");

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
