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
    [TestCase("completion-complete", "2025-06-18")]
    [TestCase("completion-complete", "2025-11-25")]
    [TestCase("completion-complete", "2026-07-28")]
    [TestCase("resources-list", "2025-06-18")]
    [TestCase("resources-list", "2025-11-25")]
    [TestCase("resources-list", "2026-07-28")]
    [TestCase("resources-read-text", "2025-06-18")]
    [TestCase("resources-read-text", "2025-11-25")]
    [TestCase("resources-read-text", "2026-07-28")]
    [TestCase("resources-read-binary", "2025-06-18")]
    [TestCase("resources-read-binary", "2025-11-25")]
    [TestCase("resources-read-binary", "2026-07-28")]
    [TestCase("resources-templates-read", "2025-06-18")]
    [TestCase("resources-templates-read", "2025-11-25")]
    [TestCase("resources-templates-read", "2026-07-28")]
    [TestCase("prompts-list", "2025-06-18")]
    [TestCase("prompts-list", "2025-11-25")]
    [TestCase("prompts-list", "2026-07-28")]
    [TestCase("prompts-get-simple", "2025-06-18")]
    [TestCase("prompts-get-simple", "2025-11-25")]
    [TestCase("prompts-get-simple", "2026-07-28")]
    [TestCase("prompts-get-with-args", "2025-06-18")]
    [TestCase("prompts-get-with-args", "2025-11-25")]
    [TestCase("prompts-get-with-args", "2026-07-28")]
    [TestCase("prompts-get-embedded-resource", "2025-06-18")]
    [TestCase("prompts-get-embedded-resource", "2025-11-25")]
    [TestCase("prompts-get-embedded-resource", "2026-07-28")]
    [TestCase("prompts-get-with-image", "2025-06-18")]
    [TestCase("prompts-get-with-image", "2025-11-25")]
    [TestCase("prompts-get-with-image", "2026-07-28")]
    [TestCase("json-schema-2020-12", "2025-11-25")]
    [TestCase("json-schema-2020-12", "2026-07-28")]
    [TestCase("sep-2164-resource-not-found", "2026-07-28")]
    [TestCase("caching", "2026-07-28")]
    public async Task The_suite_finds_no_fault_in_our_server(string scenario, string revision)
    {
        Peers.Require();
        await using var host = new McpHttpHost(ConformanceServer.Make(), "http://127.0.0.1:0/");
        await host.StartAsync();

        var result = await ConformanceSuite.RunServerScenario(new Uri(host.Address, "/mcp"), scenario, revision);

        result.ShouldPass();
    }
}
