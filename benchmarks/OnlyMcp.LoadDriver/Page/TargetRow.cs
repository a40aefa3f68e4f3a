using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Page;

/// <summary>A case of the comparison, and what ours is to reach in it.</summary>
/// <param name="Section">Which section measures it.</param>
/// <param name="Case">What that calls the case, without a number in front.</param>
/// <param name="Targets">All of them.</param>
internal sealed record TargetRow(string Section, string Case, params Target[] Targets)
{
    private static readonly char[] Digits = [.. "0123456789, "];

    /// <summary>What the official C# SDK's HTTP server came to, where its package could be had; it cannot be had from here.</summary>
    public string? RecordedCSharp { get; init; }

    /// <summary>Whether a result is of this case, which may say first how many of something there were.</summary>
    public bool IsAbout(Result result) => result.Section == Section && result.Case.TrimStart(Digits) == Case;
}
