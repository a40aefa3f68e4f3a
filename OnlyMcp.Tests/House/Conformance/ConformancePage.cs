using System.Text;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.House.Conformance;

/// <summary>docs/conformance.md: every heading of the specification with its MUSTs, and what stands for each.</summary>
internal sealed class ConformancePage
{
    private readonly StringBuilder text = new();
    private readonly ILookup<string, Must> musts = MustIndex.All.ToLookup(must => must.Place.Citation);
    private readonly ILookup<string, string> tests = Evidence.All.Where(proof => proof.Musts.Length == 0).ToLookup(proof => proof.Citation, proof => proof.Name);

    /// <summary>The whole page, with the given list of gaps that comments of the code name.</summary>
    public static string Make(IEnumerable<string> gapsInCode)
    {
        var page = new ConformancePage();
        page.WriteHead();
        page.WriteCounts();
        foreach (var pages in PagesOf(TestData.SpecificationHeadings().Distinct()))
            page.WritePage(pages.Key, [.. pages]);
        page.WriteRequirements();
        page.Line("## What comments of the code name as missing").Line().Line("Made from the comments that begin with `Gap:`.").Line();
        foreach (var gap in gapsInCode)
            page.Line($"- {gap}");
        return page.text.ToString();
    }

    private void WriteHead() => text.Append("""
        # Conformance

        Made by a test from the tests themselves: which of them stands for which rule of the specification. The official conformance suite
        comes on top (`OnlyMcp.Tests/Conformance`).

        - A **MUST** is a sentence of the specification with MUST, MUST NOT, SHALL or REQUIRED, or one item of a list that such a sentence
          opens. They stand in `OnlyMcp.Tests/Conformance/musts`, in words of ours, numbered below their headings. The page with the
          schema repeats the others, and is held by the examples that `SchemaExampleTests` reads. `ext-tasks` is the extension for tasks;
          its headings Request and Response count as part of the one above them. `ext-auth` are the two extensions of authorization.
          Headings of one page that are worded alike count as one, in the order of the page.
          In 2025-11-25 either side may take requests as tasks. Here the server does; the client declares none, neither for sampling nor
          for elicitation, as it may. The rules for who takes them are therefore the server's, but for the one about requests that ask for a
          task where none is declared.
        - A test stands for it where its `[Spec]` names the number; a transcript, where a line `# Spec:` does. Where a newer revision, or
          an extension, has the same rule (`=`), a test of that one counts too if it runs at this revision as well: over every way, or
          because what it tests knows no revision.
        - *authorization server* binds the one that is built in. *other* binds somebody whom this library is not, such as a proxy.
        - A **gap** says why no test stands there: *deprecated upstream and unused*; *contradicts another page*; *not observable* from
          outside, or by a library at all; *not yet*, which is what is left to do.


        """);

    private void WriteCounts()
    {
        Line("| revision | MUSTs | held by tests | deprecated | contradicted | not observable | not yet |").Line("|---|---|---|---|---|---|---|");
        foreach (var pages in MustIndex.All.GroupBy(must => must.Place.Source).OrderByDescending(pages => pages.First().Place.Revision).ThenBy(pages => pages.Key))
            WriteCount(pages.Key, [.. pages]);
        WriteCount("all", MustIndex.All);
        Line();
    }

    private void WriteCount(string title, IReadOnlyList<Must> counted)
    {
        var standing = counted.Select(Standing.Of).ToArray();
        var gaps = MustGap.Reasons.Select(reason => standing.Count(one => one.Gap?.Reason == reason));
        Line($"| {title} | {counted.Count} | {standing.Count(one => one.Gap is null)} | {string.Join(" | ", gaps)} |");
    }

    private void WriteRequirements()
    {
        Line("## What authorization asks").Line();
        Line("Gathered from the pages of all revisions, the extensions and the RFCs that they make binding, for each role: G every one, RS the server,");
        Line("CL the client, AS the authorization server. A test stands for it where its `[AuthorizationRequirement]` names the number.").Line();
        foreach (var requirement in AuthorizationRequirement.All)
            Line($"- {requirement}");
        Line();
    }

    private void WritePage(string page, string[] headings)
    {
        Line($"## {page}").Line();
        foreach (var heading in headings.Where(heading => musts.Contains(heading) || tests.Contains(heading)))
            WriteHeading(heading, heading == page ? "Above the first heading" : heading[(page.Length + 2)..]);

        var bare = headings.Where(heading => heading != page && !musts.Contains(heading) && !tests.Contains(heading)).Select(heading => heading[(page.Length + 2)..]).ToArray();
        if (bare.Length > 0)
            Line($"No MUST, and no test of its own: {string.Join("; ", bare)}.").Line();
    }

    private void WriteHeading(string heading, string title)
    {
        Line($"**{title}**").Line();
        foreach (var must in musts[heading])
            Line($"{must.Place.Ordinal}. {(must.Same == must.Place ? "" : "= ")}{must.Binds}: {must.Words}. {Standing.Of(must)}");
        if (musts.Contains(heading) && tests.Contains(heading))
            Line();
        if (tests.Contains(heading))
            Line($"Tests of the heading: {string.Join(", ", tests[heading].Distinct().Order(StringComparer.Ordinal).Select(name => $"`{name}`"))}");
        Line();
    }

    /// <summary>The headings by page; a page's own name stands first, for what is above its first heading.</summary>
    private static IEnumerable<IGrouping<string, string>> PagesOf(IEnumerable<string> headings) => headings
        .Select(heading => (Page: heading[..heading.IndexOf(" §", StringComparison.Ordinal)], Heading: heading))
        .GroupBy(pair => pair.Page, pair => pair.Heading)
        .SelectMany(page => page.Prepend(page.Key), (page, heading) => (page.Key, heading))
        .OrderByDescending(pair => new MustPlace(pair.Key, 0).Revision, StringComparer.Ordinal)
        .GroupBy(pair => pair.Key, pair => pair.heading);

    private ConformancePage Line(string line = "")
    {
        text.Append(line).Append('\n');
        return this;
    }
}
