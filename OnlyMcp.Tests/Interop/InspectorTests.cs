using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>The Inspector's command line against the calculator and weather server.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class InspectorTests
{
    // HTTP+SSE is older than the modern era.
    private static readonly object[] Ways =
    [
        new object[] { "stdio", "legacy" },
        new object[] { "stdio", "modern" },
        new object[] { "http", "legacy" },
        new object[] { "http", "auto" },
        new object[] { "http", "modern" },
        new object[] { "sse", "legacy" },
    ];

    [TestCaseSource(nameof(Ways))]
    public async Task It_lists_the_tools(string transport, string era)
    {
        var answer = await AskAsync(transport, era, "tools/list");

        answer.Result.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString())
            .Should().Equal("calculator", "weather");
    }

    [TestCaseSource(nameof(Ways))]
    public async Task It_calls_a_tool(string transport, string era)
    {
        var answer = await AskAsync(transport, era, "tools/call", "--tool-name", "calculator", "--tool-args-json", """{"operation":"multiply","a":6,"b":7}""");

        answer.ExitCode.Should().Be(0);
        answer.Result.GetProperty("content")[0].GetProperty("text").GetString().Should().Be("Result of multiply 6 and 7: 42");
    }

    [TestCase("stdio", "legacy")]
    [TestCase("http", "modern")]
    public async Task It_shows_what_is_wrong_with_arguments(string transport, string era)
    {
        var answer = await AskAsync(transport, era, "tools/call", "--tool-name", "weather", "--tool-args-json", "{}");

        answer.ExitCode.Should().Be(5);
        answer.Result.GetProperty("isError").GetBoolean().Should().BeTrue();
        answer.Result.GetProperty("content")[0].GetProperty("text").GetString().Should().Contain("location");
    }

    [TestCase("http", "legacy")]
    public async Task It_finds_no_tool_that_is_not_listed(string transport, string era)
    {
        var answer = await AskAsync(transport, era, "tools/call", "--tool-name", "no-such-tool");

        answer.ExitCode.Should().Be(5);
        answer.Error.GetProperty("code").GetString().Should().Be("tool_not_found");
    }

    private static async Task<InspectorAnswer> AskAsync(string transport, string era, string method, params string[] options)
    {
        string[] request = ["--protocol-era", era, "--method", method, .. options];
        return transport == "stdio"
            ? await Inspector.AskAsync(SamplePrograms.Command(SamplePrograms.Server, "--stdio"), request)
            : await Inspector.AskAsync(await SampleOverHttp.AddressAsync(transport), transport, request);
    }
}
