using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Tests.House.Conformance;

/// <summary>Where a MUST stands: the heading, as a test cites it, and its number among the MUSTs below that heading.</summary>
internal sealed record MustPlace(string Citation, int Ordinal)
{
    /// <summary>The revision, or the extension, whose page it is.</summary>
    public string Source => Citation[..Citation.IndexOf(' ', StringComparison.Ordinal)];

    /// <summary>The revision at which it holds: an extension's rules hold at the newest.</summary>
    public string Revision => Source.StartsWith("ext-", StringComparison.Ordinal) ? KnownRevisions.V20260728.Version : Source;

    public override string ToString() => $"{Citation} {Ordinal}";
}

/// <param name="Place">Where it stands.</param>
/// <param name="Binds">server, client, both, authorization server, or other: somebody whom the library is not.</param>
/// <param name="Words">The rule in words of ours.</param>
/// <param name="Same">Where the same rule stands in the newest revision that has it; its own place if it is the newest.</param>
internal sealed record Must(MustPlace Place, string Binds, string Words, MustPlace Same);

/// <param name="Place">The MUST that no test shows.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Words">What the reason means here.</param>
internal sealed record MustGap(MustPlace Place, string Reason, string Words)
{
    public const string NotYet = "not yet";

    public static readonly string[] Reasons = ["deprecated upstream and unused", "contradicts another page", "not observable", NotYet];
}
