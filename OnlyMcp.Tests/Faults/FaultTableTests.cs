using System.Text.RegularExpressions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Faults;

/// <summary>The table of faults in README.md names tests that exist.</summary>
public sealed partial class FaultTableTests
{
    private static readonly string Table = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "OnlyMcp.Tests", "Faults", "README.md"));

    [Test]
    public void Every_fault_has_a_test_or_says_when_it_will()
    {
        var rows = Table.Split('\n').Where(row => row.StartsWith("| ", StringComparison.Ordinal) && !row.Contains("| test |", StringComparison.Ordinal)).ToArray();

        rows.Should().HaveCountGreaterThan(30).And.OnlyContain(row => TestName().IsMatch(row) || row.EndsWith("| with authorization |", StringComparison.Ordinal));
    }

    [Test]
    public void Every_test_that_is_named_exists()
    {
        var tests = typeof(FaultTableTests).Assembly.GetTypes().SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}")).ToHashSet();

        TestName().Matches(Table).Select(match => match.Groups["name"].Value).Should().NotBeEmpty().And.BeSubsetOf(tests);
    }

    [GeneratedRegex(@"`(?<name>\w+Tests\.[A-Z]\w+)`")]
    private static partial Regex TestName();
}
