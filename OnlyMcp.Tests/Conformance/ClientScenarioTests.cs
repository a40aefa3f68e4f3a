using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Conformance;

/// <summary>The official suite plays the server of our client: all scenarios of each version that it knows.</summary>
public sealed class ClientScenarioTests
{
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task The_suite_finds_no_fault_in_our_client(string version)
    {
        var scenarios = await ConformanceSuite.ListScenarios("client", version);
        scenarios.Should().NotBeEmpty();

        // One at a time: a small machine does not bear all clients at once.
        foreach (var scenario in scenarios)
            (await ConformanceSuite.RunClientScenario(ConformanceSuite.Client, scenario, version)).ShouldPass();
    }

    [TestCase("auth/client-credentials-jwt")]
    [TestCase("auth/client-credentials-basic")]
    [TestCase("auth/enterprise-managed-authorization")]
    [TestCase("auth/dpop")]
    [TestCase("auth/dpop-nonce")]
    [TestCase("auth/wif-jwt-bearer")]
    public async Task The_suite_finds_no_fault_in_what_extends_authorization(string scenario) =>
        (await ConformanceSuite.RunClientScenario(ConformanceSuite.Client, scenario, "2026-07-28", "--force")).ShouldPass();
}
