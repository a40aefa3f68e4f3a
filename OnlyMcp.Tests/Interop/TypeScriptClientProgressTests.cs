using System.Text.Json;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>What our server reports on the way to an answer, as it reaches the TypeScript SDK's clients.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class TypeScriptClientProgressTests
{
    [TestCaseSource(typeof(TypeScriptClient), nameof(TypeScriptClient.Unpinned))]
    public async Task Progress_arrives_in_order_before_the_answer(TypeScriptClient client)
    {
        JsonElement report = client.Transport == "stdio"
            ? await client.ConverseAsync(Programs.Command("StdioServer"), ("progress", "{}"))
            : await OverHttpAsync(client);

        // The messages as they came: the SDK drops progress that arrives in one piece with its result.
        var received = report.GetProperty("calls")[0].GetProperty("received").EnumerateArray().ToArray();
        received[..^1].Select(message => message.GetProperty("method").GetString()).Should().AllBe("notifications/progress").And.HaveCount(3);
        received[..^1].Select(message => message.GetProperty("params").GetProperty("progress").GetInt32()).Should().Equal(1, 2, 3);
        received[^1].GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().Be("done");
    }

    private static async Task<JsonElement> OverHttpAsync(TypeScriptClient client)
    {
        var server = new McpServer("progress", "1.0.0");
        server.AddTool("progress", "Reports three steps", (IProgress<ProgressValue> progress) =>
        {
            for (var step = 1; step <= 3; step++)
                progress.Report(new ProgressValue(step, 3));
            return "done";
        });
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        return await client.ConverseAsync([new Uri(host.Address, client.Transport == "sse" ? "/sse" : "/mcp").AbsoluteUri], ("progress", "{}"));
    }
}
