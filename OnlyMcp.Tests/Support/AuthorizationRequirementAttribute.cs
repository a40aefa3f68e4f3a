namespace OnlyMcp.Tests.Support;

/// <summary>
/// What authorization asks that the test holds the code to, by the numbers in Conformance/musts/authorization-requirements.tsv. Unlike a
/// <see cref="SpecAttribute"/>, which names one sentence of one page, a requirement gathers what several pages and RFCs ask.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class AuthorizationRequirementAttribute(params string[] numbers) : Attribute
{
    public string[] Numbers { get; } = numbers;
}
