using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>The Inspector's command line with tools of ours that become tasks, which it follows to their end.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class InspectorTaskTests
{
    [TestCase("http", "modern")]
    [TestCase("stdio", "modern")]
    [TestCase("http", "legacy")]
    [TestCase("stdio", "legacy")]
    [TestCase("sse", "legacy")]
    public async Task It_has_the_result_of_a_task(string transport, string era)
    {
        var answer = await CallAsync(transport, era, "required");

        answer.ExitCode.Should().Be(0);
        answer.Result.GetProperty("content")[0].GetProperty("text").GetString().Should().Be("done");
    }

    [TestCase("http", "modern")]
    [TestCase("http", "legacy")]
    public async Task It_shows_that_a_task_has_failed(string transport, string era)
    {
        var answer = await CallAsync(transport, era, "fail");

        answer.ExitCode.Should().Be(5);
        answer.Result.GetProperty("isError").GetBoolean().Should().BeTrue();
    }

    [TestCase("http", "modern")]
    [TestCase("http", "legacy")]
    public async Task It_shows_the_error_of_a_task_that_broke(string transport, string era) =>
        (await CallAsync(transport, era, "break")).Error.GetProperty("message").GetString().Should().Contain("This tool always breaks.");

    private static async Task<InspectorAnswer> CallAsync(string transport, string era, string tool)
    {
        await using var server = await TaskServer.StartAsync(transport);
        string[] request = ["--protocol-era", era, "--method", "tools/call", "--tool-name", tool];
        return transport == "stdio"
            ? await Inspector.AskAsync(server.Target, request)
            : await Inspector.AskAsync(new Uri(server.Target[0]), transport, request);
    }
}
