namespace OnlyMcp.Tests.House.Conformance;

/// <summary>How a MUST stands: the tests that show it, or why none does.</summary>
internal sealed record Standing(IReadOnlyList<string> Tests, MustGap? Gap)
{
    private static readonly Dictionary<MustPlace, MustGap> Gaps = MustIndex.Gaps.ToDictionary(gap => gap.Place);

    /// <summary>A gap of the newest revision with the rule counts for the older ones too, unless tests show it there.</summary>
    public static Standing Of(Must must)
    {
        var tests = Evidence.For(must).ToArray();
        var gap = Gaps.GetValueOrDefault(must.Place) ?? (tests.Length > 0 ? null : Gaps.GetValueOrDefault(must.Same) ?? new MustGap(must.Place, MustGap.NotYet, ""));
        return new Standing(tests, gap);
    }

    public override string ToString() => Gap switch
    {
        null => string.Join(", ", Tests.Select(name => $"`{name}`")),
        { Words: "" } => $"**{Gap.Reason}**",
        _ => $"**{Gap.Reason}**: {Gap.Words}.",
    };
}
