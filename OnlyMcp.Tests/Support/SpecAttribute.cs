namespace OnlyMcp.Tests.Support;

/// <summary>
/// The rule of the specification that a test holds the code to: revision, page and heading (none: what stands above a page's first
/// heading), and which of the heading's MUSTs the test shows, by their number in Conformance/musts.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
internal sealed class SpecAttribute(string citation, params int[] musts) : Attribute
{
    public string Citation { get; } = citation;

    /// <summary>Empty: the test is about the heading, and shows no single MUST of it.</summary>
    public int[] Musts { get; } = musts;

    /// <summary>The code under test knows no revision (bytes, JSON-RPC, JSON Schema), so that the test stands for the same rule of each.</summary>
    public bool AtEveryRevision { get; init; }
}
