using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tools;

public sealed class ToolNameTests
{
    [TestCase("get user")]
    [TestCase("a,b")]
    [TestCase("wetter_für")]
    [TestCase("a/b")]
    [Spec("2026-07-28 server/tools §Tool Names")]
    public void A_name_that_some_clients_refuse_is_offered_and_warned_of_once(string name)
    {
        using var log = new RecordedLog();
        var server = new McpServer("names", "1.0.0", new McpServerOptions { LoggerFactory = log });

        server.AddTool(name, "x", () => "x");

        server.Tools.TryFind(name, out _).Should().BeTrue();
        log.Lines.Should().ContainSingle(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(name));
    }

    [Test]
    [Spec("2026-07-28 server/tools §Tool Names")]
    public void A_name_has_at_most_128_characters()
    {
        using var log = new RecordedLog();
        var server = new McpServer("names", "1.0.0", new McpServerOptions { LoggerFactory = log });

        server.AddTool(new string('a', 128), "x", () => "x");
        log.Lines.Should().BeEmpty();
        server.AddTool(new string('a', 129), "x", () => "x");
        log.Lines.Should().ContainSingle().Which.Should().Contain("129 characters");
    }

    [TestCase("getUser")]
    [TestCase("DATA_EXPORT_v2")]
    [TestCase("admin.tools.list")]
    [TestCase("a-b")]
    [Spec("2026-07-28 server/tools §Tool Names")]
    public void A_name_that_every_client_takes_is_nothing_to_speak_of(string name)
    {
        using var log = new RecordedLog();
        new McpServer("names", "1.0.0", new McpServerOptions { LoggerFactory = log }).AddTool(name, "x", () => "x");
        log.Lines.Should().BeEmpty();
    }
}
