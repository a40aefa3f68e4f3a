using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.House.Conformance;

/// <summary>The index of MUSTs is in order, and what names a MUST of it names one that is there.</summary>
public sealed class MustTests
{
    /// <summary>How many MUSTs may have neither a test nor a reason. It only ever goes down.</summary>
    private const int NotYetAtMost = 0;

    [Test]
    public void Every_must_has_a_test_or_a_gap_with_its_reason() =>
        MustIndex.All.Select(Standing.Of).Count(standing => standing.Gap?.Reason == MustGap.NotYet)
            .Should().BeLessThanOrEqualTo(NotYetAtMost, "a MUST that was held stays held");

    [Test]
    public void Every_must_stands_below_a_heading_of_the_specification()
    {
        var headings = TestData.SpecificationHeadings().SelectMany(heading => new[] { heading, heading.Split(" §")[0] }).ToHashSet();
        MustIndex.All.Select(must => must.Place.Citation).Where(citation => !headings.Contains(citation)).Should().BeEmpty();
    }

    [Test]
    public void The_musts_of_a_heading_are_numbered_from_one()
    {
        foreach (var heading in MustIndex.All.GroupBy(must => must.Place.Citation))
            heading.Select(must => must.Place.Ordinal).Should().Equal(Enumerable.Range(1, heading.Count()), $"of {heading.Key}");
    }

    [Test]
    public void What_stands_for_a_must_names_one_that_is_there()
    {
        var known = MustIndex.All.Select(must => must.Place).ToHashSet();
        Evidence.All.SelectMany(proof => proof.Musts.Select(must => new MustPlace(proof.Citation, must))).Where(place => !known.Contains(place)).Should().BeEmpty();
        MustIndex.Gaps.Select(gap => gap.Place).Where(place => !known.Contains(place)).Should().BeEmpty();
    }

    [Test]
    public void A_test_class_as_a_whole_stands_for_no_single_must() =>
        Evidence.All.Where(proof => proof.Musts.Length > 0 && !proof.Name.Contains('.', StringComparison.Ordinal) && !proof.Name.Contains('/', StringComparison.Ordinal))
            .Should().BeEmpty("one of its tests shows it");

    [Test]
    public void A_test_of_a_newer_rule_stands_for_the_older_one_only_where_it_runs()
    {
        Proof ProofOf(string name) => Evidence.All.First(proof => proof.Name == name && proof.Musts.Length > 0);

        ProofOf("EveryMessageTests.Each_has_the_members_of_its_kind_and_no_others").Revisions.Should().HaveCount(5, "it runs over every way");
        ProofOf("JsonRpcReaderTests.A_malformed_response_says_that_it_is_one").Revisions.Should().HaveCount(5, "a reader knows no revision");
        ProofOf("EveryPostTests.An_answer_may_be_one_object_or_a_stream").Revisions.Should().HaveCount(4).And.NotContain("2024-11-05");
        ProofOf("Transcripts/2025-11-25/negotiation").Revisions.Should().Equal("2025-11-25");
        ProofOf("HttpAnswerTests.A_request_carries_the_headers_that_mirror_it").Revisions.Should().BeEmpty("its cases name none");
    }

    [Test]
    public void A_gap_has_a_reason_words_and_no_test()
    {
        MustIndex.Gaps.Should().OnlyHaveUniqueItems(gap => gap.Place);
        MustIndex.Gaps.Where(gap => !MustGap.Reasons.Contains(gap.Reason) || gap.Words.Length == 0).Should().BeEmpty();
        MustIndex.All.Select(Standing.Of).Where(standing => standing.Gap is not null && standing.Tests.Count > 0).Should().BeEmpty("a test stands there now");
    }

    [Test]
    public void An_older_rule_takes_the_words_of_the_newer_one_that_it_names()
    {
        var newer = MustIndex.Parse("2026-07-28", ["server/x §A", " 1 server: do this"], new Dictionary<MustPlace, Must>()).ToDictionary(must => must.Place);
        var older = MustIndex.Parse("2025-11-25", ["server/y §B", " 1 = 2026-07-28 server/x §A 1", " 2 client: do that"], newer).ToArray();

        older[0].Should().Be(new Must(new MustPlace("2025-11-25 server/y §B", 1), "server", "do this", newer.Keys.Single()));
        older[1].Same.Should().Be(older[1].Place);
        var broken = () => MustIndex.Parse("2025-11-25", [" 1 nobody does this"], newer).ToArray();
        broken.Should().Throw<FormatException>();
    }
}
