namespace OnlyMcp.Tests.House.Conformance;

/// <summary>The list of what authorization asks is in order, and each of its lines has a test or a reason for none.</summary>
public sealed class AuthorizationRequirementTests
{
    /// <summary>How many requirements may have neither a test nor a reason. It only ever goes down.</summary>
    private const int NotYetAtMost = 0;

    [Test]
    public void Every_requirement_has_a_test_or_a_gap_with_its_reason() =>
        AuthorizationRequirement.All.Count(requirement => requirement.IsOpen)
            .Should().BeLessThanOrEqualTo(NotYetAtMost, "a requirement that was held stays held");

    [Test]
    public void A_test_names_requirements_that_are_there() =>
        AuthorizationRequirement.Named.Except(AuthorizationRequirement.All.Select(requirement => requirement.Number)).Should().BeEmpty();

    [Test]
    public void The_requirements_of_a_group_are_numbered_from_one() =>
        AuthorizationRequirement.All.Select(requirement => requirement.Number)
            .Should().Equal(NumbersOf("G", 3).Concat(NumbersOf("RS", 22)).Concat(NumbersOf("CL", 46)).Concat(NumbersOf("AS", 16)));

    [Test]
    public void A_gap_has_a_reason_words_and_no_test()
    {
        var gaps = AuthorizationRequirement.All.Where(requirement => requirement.Gap is not null).ToArray();
        gaps.Where(gap => !MustGap.Reasons.Contains(gap.Gap!.Value.Reason) || gap.Gap.Value.Words.Length == 0).Should().BeEmpty();
        gaps.Where(gap => gap.Shown.Any()).Should().BeEmpty("a test stands there now");
    }

    [Test]
    public void A_line_that_is_neither_a_requirement_nor_one_with_a_gap_is_refused()
    {
        AuthorizationRequirement.Parse("AS15\twords\tnot observable\twhy").ToString().Should().Be("AS15. words. **not observable**: why.");
        AuthorizationRequirement.Parse("XX1\twords").ToString().Should().Be("XX1. words. **not yet**");

        var broken = () => AuthorizationRequirement.Parse("RS1\twords\tnot observable");
        broken.Should().Throw<FormatException>();
    }

    private static IEnumerable<string> NumbersOf(string group, int count) => Enumerable.Range(1, count).Select(number => $"{group}{number}");
}
