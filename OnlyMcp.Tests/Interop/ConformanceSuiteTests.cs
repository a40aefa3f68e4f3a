using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>The conformance suite against TypeScript peers: that a verdict of the suite reaches a test, good or bad.</summary>
public sealed class ConformanceSuiteTests
{
    [Test]
    public async Task A_scenario_that_a_server_passes_passes()
    {
        await using ServerPeer server = await Peers.StartServerAsync("ts-server-v2.mjs", "http");

        ScenarioResult result = await ConformanceSuite.RunServerScenario(server.Url, "server-initialize", "2025-11-25");

        result.ShouldPass();
        result.ExitCode.Should().Be(0);
    }

    [Test]
    public async Task A_scenario_that_a_server_fails_names_the_check_and_the_reason()
    {
        await using ServerPeer server = await Peers.StartServerAsync("ts-server-v2.mjs", "http");

        ScenarioResult result = await ConformanceSuite.RunServerScenario(server.Url, "tools-call-simple-text", "2026-07-28");

        result.Failures.Select(check => check.Id).Should().Equal("tools-call-simple-text");
        result.ToString().Should().Contain("test_simple_text not found");
        result.ShouldPass("tools-call-simple-text");
    }

    [Test]
    public async Task Many_scenarios_come_from_one_run()
    {
        await using ServerPeer server = await Peers.StartServerAsync("ts-server-v2.mjs", "http");

        IReadOnlyList<ScenarioResult> results =
            await ConformanceSuite.RunServerScenarios(server.Url, "--suite", "all", "--spec-version", "2025-06-18");

        IReadOnlyList<string> scenarios = await ConformanceSuite.ListScenarios("server", "2025-06-18");
        results.Select(result => result.Scenario).Should().BeEquivalentTo(scenarios);
    }

    [Test]
    public async Task A_client_is_started_with_the_suites_url()
    {
        string[] client = Peers.Command("ts-client-v2.mjs", "--call", "add_numbers", """{"a":6,"b":7}""", "http");

        ScenarioResult result = await ConformanceSuite.RunClientScenario(client, "tools_call", "2025-11-25");

        result.ShouldPass();
    }
}
