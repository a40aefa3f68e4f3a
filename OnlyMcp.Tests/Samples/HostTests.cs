using System.Text.RegularExpressions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The host prints what the seed's host prints, whichever way it reaches the server, and what other servers tell it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class HostTests
{
    private const string Initialized =
        """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"odd","version":"1"}}""";

    [TestCase("sse", "2024-11-05")]
    [TestCase("sse", null)]
    [TestCase("mcp", "2025-03-26")]
    [TestCase("mcp", "2025-06-18")]
    [TestCase("mcp", "2025-11-25")]
    [TestCase("mcp", "2026-07-28")]
    [TestCase("mcp", null)]
    public async Task It_prints_what_the_golden_file_holds_over_http(string path, string? revision)
    {
        var golden = Golden();
        await using var server = await SamplePrograms.StartServerAsync();

        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, [.. Pinned(revision), server.At(path)]);

        host.Errors.Should().BeEmpty();
        host.ExitCode.Should().Be(0);
        FirstLine(host.Output).Should().Be($"Initializing MCP client for server: {server.At(path)}");
        Folded(host.Output).Should().Be(golden);
    }

    [TestCase("2024-11-05")]
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    [TestCase(null)]
    public async Task It_prints_what_the_golden_file_holds_over_stdio(string? revision)
    {
        var golden = Golden();

        var host = await SamplePrograms.RunAsync(
            SamplePrograms.Host, [.. Pinned(revision), "--stdio", .. SamplePrograms.Command(SamplePrograms.Server, "--stdio")]);

        host.ExitCode.Should().Be(0, host.Errors);
        Folded(host.Output).Should().Be(golden);
    }

    [Test]
    public async Task Another_server_of_ours_changes_its_output()
    {
        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, ["--stdio", .. SamplePrograms.Command(SamplePrograms.Hello)]);

        host.ExitCode.Should().Be(0, host.Errors);
        host.Output.Should().Contain("\"name\": \"greet\"").And.NotContain("calculator");
    }

    [TestCase("ts-server-v1.mjs")]
    [TestCase("ts-server-v2.mjs")]
    public async Task A_server_of_the_typescript_sdk_changes_its_output(string peer)
    {
        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, ["--stdio", .. Peers.Command(peer, "stdio")]);

        host.ExitCode.Should().Be(0, host.Errors);
        host.Output.Should().Contain("\"name\": \"echo\"").And.NotContain("calculator");
    }

    [Test]
    public async Task Keys_stay_in_the_order_and_with_the_names_that_the_server_gave_them()
    {
        await using var server = new ScriptedHttpServer(call => call.RpcMethod switch
        {
            "initialize" => call.ResultAsync(Initialized),
            "tools/list" => call.ResultAsync(
                """{"zulu":1,"tools":[{"x-own":"é","inputSchema":{"type":"object"},"description":"odd","name":"last"}]}"""),
            _ => call.RespondAsync(call.Verb == "GET" ? 405 : 202),
        });

        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, "--revision", "2025-11-25", server.Url.AbsoluteUri);

        host.ExitCode.Should().Be(0, host.Errors);
        Folded(host.Output).Should().Contain(
            """{ "tools": [ { "x-own": "é", "inputSchema": { "type": "object" }, "description": "odd", "name": "last" } ] }""");
    }

    [Test]
    public async Task It_ends_with_1_and_a_reason_where_nobody_listens()
    {
        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, $"http://127.0.0.1:{FreePort.Next()}/mcp");

        host.ExitCode.Should().Be(1);
        host.Output.Should().StartWith("Initializing MCP client for server: http://127.0.0.1:").And.NotContain("Connected");
        host.Errors.Should().MatchRegex(@"^Failed to connect to MCP server: \w.*");
    }

    [Test]
    public async Task It_ends_with_1_and_a_reason_where_the_command_is_none()
    {
        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, "--stdio", "no-such-program-anywhere");

        host.ExitCode.Should().Be(1);
        host.Errors.Should().StartWith("Failed to connect to MCP server: ").And.Contain("no-such-program-anywhere");
    }

    [Test]
    public async Task It_reads_every_page_and_stops_where_a_server_turns_them_in_a_circle()
    {
        await using var server = new ScriptedHttpServer(call => call.RpcMethod switch
        {
            "initialize" => call.ResultAsync(Initialized),
            "tools/list" when call.Body.Contains("\"cursor\"", StringComparison.Ordinal) => call.ResultAsync(
                """{"tools":[{"name":"second","inputSchema":{"type":"object"}}],"nextCursor":"again"}"""),
            "tools/list" => call.ResultAsync("""{"tools":[{"name":"first","inputSchema":{"type":"object"}}],"nextCursor":"again"}"""),
            _ => call.RespondAsync(call.Verb == "GET" ? 405 : 202),
        });

        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, "--revision", "2025-11-25", server.Url.AbsoluteUri);

        host.ExitCode.Should().Be(0, host.Errors);
        host.Output.Should().ContainAll("\"name\": \"first\"", "\"name\": \"second\"");
    }

    [Test]
    public async Task With_wire_it_shows_each_message_on_standard_error_and_prints_the_same()
    {
        var golden = Golden();
        await using var server = await SamplePrograms.StartServerAsync();

        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, "--wire", server.At("mcp"));

        host.ExitCode.Should().Be(0, host.Errors);
        Folded(host.Output).Should().Be(golden);
        host.Errors.Should().ContainAll(
            "--> server/discover (", "<-- result of server/discover (", "--> tools/list (", "<-- result of tools/list (");
    }

    [TestCase("--bogus", ExpectedResult = "There is no option --bogus.")]
    [TestCase("--revision", ExpectedResult = "--revision wants a value behind it.")]
    [TestCase("--stdio", ExpectedResult = "--stdio wants a value behind it.")]
    [TestCase("nonsense", ExpectedResult = "A server's address looks like http://localhost:3001/mcp, not nonsense.")]
    public async Task<string> It_refuses_what_it_does_not_understand_with_2(string argument)
    {
        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, argument);

        host.ExitCode.Should().Be(2);
        host.Output.Should().BeEmpty();
        return FirstLine(host.Errors).Replace(" --help shows the options.", "", StringComparison.Ordinal);
    }

    private static string[] Pinned(string? revision) => revision is null ? [] : ["--revision", revision];

    private static string Golden() => Folded(File.ReadAllText(Path.Combine(TestData.Folder("seed-golden"), "node-seed.host-output.txt")));

    /// <summary>The output without its first line, which names the server; white space counts once.</summary>
    private static string Folded(string output) =>
        WhiteSpace().Replace(output[output.IndexOf('\n', StringComparison.Ordinal)..], " ").Trim();

    private static string FirstLine(string output) => output.Split('\n')[0].TrimEnd('\r');

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
