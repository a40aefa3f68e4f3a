using System.Net;
using System.Text.RegularExpressions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.House;

/// <summary>How the code names things and speaks of them.</summary>
public sealed partial class WordingTests
{
    [Test]
    public void Every_citation_names_a_heading_of_the_specification()
    {
        var headings = TestData.SpecificationHeadings().SelectMany(heading => new[] { heading, heading.Split(" §")[0] }).ToHashSet();
        Rule rule = file => Citation().Matches(file.Text)
            .Select(match => WebUtility.HtmlDecode(match.Groups["citation"].Value.Trim()))
            .Where(citation => !headings.Contains(citation));
        rule.ShouldHold(SourceTree.Everything, "a reader looks the rule up where the code says it stands");
        rule.ShouldCatch("X.cs", "/// Spec" + ": 2026-07-28 server/tools §No Such Heading</remarks>");
        rule.ShouldCatch("X.cs", "/// Spec" + ": ext-tasks tasks §No Such Heading</remarks>");
        rule.ShouldCatch("X.cs", "/// Spec" + ": ext-auth oauth-client-credentials §No Such Heading</remarks>");
    }

    [Test]
    public void Every_handler_cites_the_page_of_its_method()
    {
        Rule rule = file => file.Text.Contains("Spec: ", StringComparison.Ordinal) ? [] : ["cites no page of the specification"];
        rule.ShouldHold(SourceTree.Libraries.Where(file => file.Path.EndsWith("Handler.cs", StringComparison.Ordinal)), "it carries rules");
        rule.ShouldCatch("X.cs", "class PingHandler;");
    }

    [Test]
    public void Names_say_what_a_thing_is()
    {
        Rule rule = file => EmptyName().Matches(file.Code).Select(match => match.Value);
        rule.ShouldHold(SourceTree.Everything, "these words say nothing; find the thing's name");
        rule.ShouldCatch("X.cs", "public class Session" + "Manager");
    }

    [Test]
    public void Warnings_are_mended_and_not_silenced()
    {
        Rule rule = file => Silenced().Matches(file.Code).Select(match => match.Value);
        rule.ShouldHold(SourceTree.Libraries, "a silenced warning hides the next one too");
        rule.ShouldCatch("X.cs", "#pragma warning disable CA2007");
    }

    [Test]
    public void Numbers_of_enhancement_proposals_stay_out()
    {
        Rule rule = file => Regex.Matches(file.Text, @"\bSEP-\d+").Select(match => match.Value);
        rule.ShouldHold(SourceTree.Libraries, "a learner cannot look them up in the specification");
        rule.ShouldCatch("X.cs", "// SEP-" + "2243");
    }

    [Test]
    public void No_file_names_a_machine_or_a_host_of_packages()
    {
        Rule rule = file => Machine().Matches(file.Text).Select(match => match.Value);
        rule.ShouldHold(SourceTree.Texts.Where(file => file.Path != "OnlyMcp.Tests/House/WordingTests.cs"), "the repository is read everywhere");
        rule.ShouldCatch("X.md", "see /work" + "/main");
    }

    [Test]
    public void Every_package_has_its_reason()
    {
        var reasons = File.ReadAllText(Path.Combine(SourceTree.Root, "docs/decisions/0002-packages.md"));
        var packages = Regex.Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Packages.props")), @"PackageVersion Include=""(?<name>[^""]+)""")
            .Select(match => match.Groups["name"].Value);
        packages.Where(name => !reasons.Contains($"`{name}`", StringComparison.Ordinal)).Should().BeEmpty("each dependency is a decision");
    }

    [GeneratedRegex(@"Spec: (?<citation>(20\d\d-\d\d-\d\d|ext-[a-z]+) [^\n<""]+?§[^\n<""]+)|\[Spec\(""(?<citation>[^""]+)""")]
    private static partial Regex Citation();

    [GeneratedRegex(@"(class|record|struct|interface|enum)\s+\w*(Manager|Helper|Util|Utils|Processor|Wrapper|Impl|Base)\b")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"#pragma warning disable\s*\w*|#nullable disable|SuppressMessage\((?![^)]*Justification)")]
    private static partial Regex Silenced();

    [GeneratedRegex(@"/(work|root|home/\w+)/\w+|api\.nuget\.org|registry\.npmjs\.org|deb\.debian\.org")]
    private static partial Regex Machine();
}
