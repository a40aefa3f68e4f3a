using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Conformance;

/// <summary>The official suite plays the client of our server: all scenarios of each version that it knows.</summary>
/// <remarks>Run <c>OnlyMcp.Tests/Conformance/run.sh</c> for its frozen sets too, and for totals.</remarks>
public sealed class ServerScenarioTests
{
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task The_suite_finds_no_fault_in_our_server(string version)
    {
        Peers.Require();
        await using var server = ChildProcess.Start(ConformanceSuite.Server);
        var url = new Uri(await server.ReadLineAsync());

        var results = await ConformanceSuite.RunServerScenarios(url, "--suite", "all", "--spec-version", version);

        results.Select(result => result.Scenario).Should().Contain(await ConformanceSuite.ListScenarios("server", version), "each of them runs");
        results.SelectMany(result => result.Failures.Select(check => $"{result.Scenario} {check.Status} {check.Id}: {check.ErrorMessage ?? check.Description}"))
            .Should().BeEmpty();
    }

    [Test]
    public async Task The_suite_finds_no_fault_in_the_tasks_of_our_server()
    {
        Peers.Require();
        await using var server = ChildProcess.Start(ConformanceSuite.Server);
        var url = new Uri(await server.ReadLineAsync());

        // Scenarios of an extension stand on no version's list.
        var scenarios = (await ConformanceSuite.ListScenarios("server")).Where(name => name.StartsWith("tasks-", StringComparison.Ordinal)).ToArray();
        scenarios.Should().HaveCount(10);
        List<ConformanceCheck> checks = [];
        foreach (var scenario in scenarios)
            checks.AddRange((await ConformanceSuite.RunServerScenario(url, scenario, "2026-07-28", "--force")).Checks);

        checks.Where(check => check.Failed).Should().BeEmpty();
        checks.Count(check => check.Status == "SUCCESS").Should().Be(44);
    }
}
