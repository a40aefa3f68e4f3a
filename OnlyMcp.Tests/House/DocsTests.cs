using System.Text;
using System.Text.RegularExpressions;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.House.Conformance;

namespace OnlyMcp.Tests.House;

/// <summary>
/// Pages that repeat what the code says are made from it. Where a page has fallen behind, its test fails; run with
/// ONLYMCP_WRITE_DOCS=1 to write it anew.
/// </summary>
public sealed partial class DocsTests
{
    [TestCase("servers", "ServersPage")]
    [TestCase("clients", "ClientsPage")]
    [TestCase("testing", "TestingPage")]
    [TestCase("tasks", "TasksPage")]
    [TestCase("authorization", "AuthorizationPage")]
    public void The_code_of_a_guide_page_is_the_code_that_is_tested(string page, string source)
    {
        var code = File.ReadAllText(Path.Combine(SourceTree.Root, "OnlyMcp.Tests", "Guide", source + ".cs"));
        var path = $"docs/guide/{page}.md";
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, path));

        var made = Block().Replace(text, block => $"<!-- region {block.Groups["name"].Value} -->\n```csharp\n{RegionOf(code, block.Groups["name"].Value)}```\n");

        Block().Count(text).Should().BePositive();
        ShouldStandIn(path, made);
    }

    [Test]
    public void The_table_of_revisions_is_what_the_facts_say()
    {
        var text = new StringBuilder("""
            # What differs between the revisions

            Each row is a member of `Revision`, each column a file in `OnlyMcp.Protocol/Revisions`. How conversations are held differs between
            the two eras, and has a folder in the server and in the client: `Legacy` and `Modern`.

            """).Append('\n');
        var revisions = KnownRevisions.All.Reverse().ToArray();
        text.Append($"| fact | {string.Join(" | ", revisions.Select(revision => revision.Version))} |\n");
        text.Append($"|---|{string.Concat(revisions.Select(_ => "---|"))}\n");
        foreach (var fact in typeof(Revision).GetProperties().Where(fact => fact.Name != nameof(Revision.Version)))
            text.Append($"| `{fact.Name}` | {string.Join(" | ", revisions.Select(revision => Shown(fact.GetValue(revision))))} |\n");

        ShouldStandIn("docs/revisions.md", text.ToString());
    }

    [Test]
    public void The_page_of_conformance_is_what_the_tests_say()
    {
        var gaps = SourceTree.Libraries.OrderBy(file => file.Path, StringComparer.Ordinal).SelectMany(GapsIn);
        ShouldStandIn("docs/conformance.md", ConformancePage.Make(gaps));
    }

    private static IEnumerable<string> GapsIn(SourceFile file) => Gap().Matches(file.Text)
        .Select(match => $"`{file.Path}`: {ContinuedLine().Replace(match.Groups["text"].Value, " ").Trim()}");

    private static string Shown(object? value) => value switch
    {
        true => "yes",
        false => "no",
        _ => $"{value}",
    };

    private static string RegionOf(string code, string name)
    {
        var regions = Regex.Matches(code, $@"\n(?<indent> *)#region {name}\n(?<text>[\s\S]*?)\n *#endregion");
        regions.Count.Should().BePositive($"the page shows a region {name}");
        return string.Join("\n", regions.Select(region => Unindented(region.Groups["text"].Value, region.Groups["indent"].Length) + "\n"));
    }

    private static string Unindented(string text, int by) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length >= by ? line[by..] : line));

    private static void ShouldStandIn(string path, string text)
    {
        var file = Path.Combine(SourceTree.Root, path);
        if (Environment.GetEnvironmentVariable("ONLYMCP_WRITE_DOCS") == "1")
            File.WriteAllText(file, text);

        File.ReadAllText(file).ReplaceLineEndings("\n").Should().Be(text, $"{path} is made by this test; run it with ONLYMCP_WRITE_DOCS=1");
    }

    [GeneratedRegex(@"<!-- region (?<name>\w+) -->\n(```csharp\n[\s\S]*?```\n)?")]
    private static partial Regex Block();

    [GeneratedRegex(@"Gap: (?<text>[^\n<]*(\n\s*///? (?!MUST|SHOULD|MAY|Choice|Gap|Spec|<)[^\n<]*)*)")]
    private static partial Regex Gap();

    [GeneratedRegex(@"\n\s*///? ")]
    private static partial Regex ContinuedLine();
}
