using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Conformance;

/// <summary>The official suite plays the server of our client: all scenarios of each version that it knows, but those of authorization.</summary>
/// <remarks>Of 2025-03-26 it knows none but those.</remarks>
public sealed class ClientScenarioTests
{
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task The_suite_finds_no_fault_in_our_client(string version)
    {
        var listed = await ConformanceSuite.ListScenarios("client", version);
        string[] scenarios = [.. listed.Where(name => !name.StartsWith("auth/", StringComparison.Ordinal))];
        scenarios.Should().NotBeEmpty();

        // One at a time: a small machine does not bear all clients at once.
        foreach (var scenario in scenarios)
            (await ConformanceSuite.RunClientScenario(ConformanceSuite.Client, scenario, version)).ShouldPass();
    }
}
