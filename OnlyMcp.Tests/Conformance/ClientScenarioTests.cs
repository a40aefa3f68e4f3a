using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Conformance;

/// <summary>Our client in the scenarios of the official conformance suite, at each revision at which they exist.</summary>
public sealed class ClientScenarioTests
{
    [TestCase("initialize", "2025-06-18")]
    [TestCase("initialize", "2025-11-25")]
    [TestCase("tools_call", "2025-06-18")]
    [TestCase("tools_call", "2025-11-25")]
    [TestCase("tools_call", "2026-07-28")]
    [TestCase("sse-retry", "2025-11-25")]
    [TestCase("http-custom-headers", "2026-07-28")]
    [TestCase("http-invalid-tool-headers", "2026-07-28")]
    [TestCase("request-metadata", "2026-07-28")]
    [TestCase("http-standard-headers", "2026-07-28")]
    [TestCase("elicitation-sep1034-client-defaults", "2025-11-25")]
    [TestCase("sep-2322-client-request-state", "2026-07-28")]
    [TestCase("json-schema-2020-12-preservation", "2025-11-25")]
    [TestCase("json-schema-2020-12-preservation", "2026-07-28")]
    [TestCase("json-schema-ref-no-deref", "2026-07-28")]
    public async Task Our_client_passes(string scenario, string specVersion) =>
        (await ConformanceSuite.RunClientScenario(Programs.Command("ConformanceClient"), scenario, specVersion)).ShouldPass();
}
