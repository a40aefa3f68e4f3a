using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Conformance;

/// <summary>The official suite plays the client of our server.</summary>
public sealed class ServerScenarioTests
{
    [TestCase("server-initialize", "2025-06-18")]
    [TestCase("server-initialize", "2025-11-25")]
    [TestCase("ping", "2025-06-18")]
    [TestCase("ping", "2025-11-25")]
    [TestCase("tools-list", "2025-06-18")]
    [TestCase("tools-list", "2025-11-25")]
    [TestCase("tools-list", "2026-07-28")]
    [TestCase("tools-call-simple-text", "2025-06-18")]
    [TestCase("tools-call-simple-text", "2025-11-25")]
    [TestCase("tools-call-simple-text", "2026-07-28")]
    [TestCase("tools-call-image", "2025-06-18")]
    [TestCase("tools-call-image", "2025-11-25")]
    [TestCase("tools-call-image", "2026-07-28")]
    [TestCase("tools-call-audio", "2025-06-18")]
    [TestCase("tools-call-audio", "2025-11-25")]
    [TestCase("tools-call-audio", "2026-07-28")]
    [TestCase("tools-call-embedded-resource", "2025-06-18")]
    [TestCase("tools-call-embedded-resource", "2025-11-25")]
    [TestCase("tools-call-embedded-resource", "2026-07-28")]
    [TestCase("tools-call-mixed-content", "2025-06-18")]
    [TestCase("tools-call-mixed-content", "2025-11-25")]
    [TestCase("tools-call-mixed-content", "2026-07-28")]
    [TestCase("tools-call-error", "2025-06-18")]
    [TestCase("tools-call-error", "2025-11-25")]
    [TestCase("tools-call-error", "2026-07-28")]
    [TestCase("tools-call-with-logging", "2025-11-25")]
    [TestCase("tools-call-with-progress", "2025-11-25")]
    [TestCase("tools-call-with-progress", "2026-07-28")]
    [TestCase("dns-rebinding-protection", "2025-11-25")]
    [TestCase("dns-rebinding-protection", "2026-07-28")]
    [TestCase("server-stateless", "2026-07-28")]
    [TestCase("server-sse-polling", "2025-11-25")]
    [TestCase("server-sse-multiple-streams", "2025-11-25")]
    [TestCase("server-sse-multiple-streams", "2026-07-28")]
    [TestCase("server-session-lifecycle", "2025-03-26")]
    [TestCase("server-session-lifecycle", "2025-06-18")]
    [TestCase("server-session-lifecycle", "2025-11-25")]
    [TestCase("http-header-validation", "2026-07-28")]
    [TestCase("http-custom-header-server-validation", "2026-07-28")]
    [TestCase("tools-call-sampling", "2025-06-18")]
    [TestCase("tools-call-sampling", "2025-11-25")]
    [TestCase("tools-call-elicitation", "2025-06-18")]
    [TestCase("tools-call-elicitation", "2025-11-25")]
    [TestCase("elicitation-sep1034-defaults", "2025-11-25")]
    [TestCase("elicitation-sep1330-enums", "2025-11-25")]
    [TestCase("input-required-result-basic-elicitation", "2026-07-28")]
    [TestCase("input-required-result-basic-sampling", "2026-07-28")]
    [TestCase("input-required-result-basic-list-roots", "2026-07-28")]
    [TestCase("input-required-result-request-state", "2026-07-28")]
    [TestCase("input-required-result-multiple-input-requests", "2026-07-28")]
    [TestCase("input-required-result-multi-round", "2026-07-28")]
    [TestCase("input-required-result-non-tool-request", "2026-07-28")]
    [TestCase("input-required-result-result-type", "2026-07-28")]
    [TestCase("input-required-result-tampered-state", "2026-07-28")]
    [TestCase("input-required-result-capability-check", "2026-07-28")]
    [TestCase("input-required-result-missing-input-response", "2026-07-28")]
    [TestCase("input-required-result-ignore-extra-params", "2026-07-28")]
    [TestCase("input-required-result-validate-input", "2026-07-28")]
    [TestCase("input-required-result-unsupported-methods", "2026-07-28")]
    public async Task The_suite_finds_no_fault_in_our_server(string scenario, string revision)
    {
        Peers.Require();
        await using var host = new McpHttpHost(ConformanceServer.Make(), "http://127.0.0.1:0/");
        await host.StartAsync();

        var result = await ConformanceSuite.RunServerScenario(new Uri(host.Address, "/mcp"), scenario, revision);

        result.ShouldPass();
    }
}
