namespace OnlyMcp.Tests.Support;

/// <summary>The rule of the specification that a test holds the code to: revision, page and heading.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
internal sealed class SpecAttribute(string citation) : Attribute
{
    public string Citation { get; } = citation;
}
