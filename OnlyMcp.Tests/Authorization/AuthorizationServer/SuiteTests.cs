using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>The official suite plays the client of our authorization server, and a test the person at the browser.</summary>
public sealed class SuiteTests
{
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task The_suite_finds_no_fault_in_our_authorization_server(string version)
    {
        Peers.Require();
        var port = FreePort.Next();
        await using var world = await StartAsync();
        using var person = new Person();
        using var browser = new HttpClient();

        var results = await ConformanceSuite.RunAuthorizationScenarios(
            world.Server.Issuer, "native", port, version,
            async authorization =>
            {
                using var shown = await browser.GetAsync(await person.AllowAsync(authorization));
            });

        results.Select(result => result.Scenario).Should().BeEquivalentTo("authorization-server-metadata-endpoint", "authorization-code-grant");
        results.SelectMany(result => result.Failures.Select(check => $"{result.Scenario} {check.Status} {check.Id}: {check.ErrorMessage}")).Should().BeEmpty();
        results.Should().OnlyContain(result => result.Checks.Any(check => check.Status == "SUCCESS"));
        results.Should().OnlyContain(result => result.Checks.All(check => check.Status != "SKIPPED"));
    }
}
