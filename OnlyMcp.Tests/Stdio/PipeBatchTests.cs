using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Stdio;

/// <summary>Arrays of messages on a pipe, where the revision that was agreed on takes them.</summary>
public sealed class PipeBatchTests
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    [Spec("2025-03-26 basic §Batching")]
    public async Task A_batch_is_answered_although_the_input_has_ended()
    {
        var server = new McpServer("batches", "1.0.0");
        server.AddTool("slow", "Takes a while", async () =>
        {
            await Task.Delay(50);
            return "done";
        });

        var lines = await ConverseAsync(server, Initialize, """[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}},{"jsonrpc":"2.0","id":2,"method":"ping"}]""");

        lines.Should().HaveCount(2);
        JsonDocument.Parse(lines[1]).RootElement.EnumerateArray().Select(answer => answer.GetProperty("id").GetInt32()).Should().BeEquivalentTo([1, 2]);
    }

    [Test]
    [Spec("2025-03-26 basic §Batching")]
    public async Task A_result_that_cannot_be_written_costs_a_batch_no_other_answer()
    {
        var server = new McpServer("batches", "1.0.0");
        server.AddTool("broken", "Returns what is none", () => new CallToolResult { Content = [], Meta = new Dictionary<string, JsonElement> { ["none"] = default } });

        var lines = await ConverseAsync(
            server,
            Initialize,
            """[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"broken"}},{"jsonrpc":"2.0","id":2,"method":"ping"}]""",
            """{"jsonrpc":"2.0","id":3,"method":"ping"}""");

        string.Join('\n', lines).Should().Contain("\"code\":-32603").And.Contain("""{"jsonrpc":"2.0","id":2,"result":{}}""").And.Contain("\"id\":3");
    }

    /// <summary>Sends all lines, closes, and reads what comes back.</summary>
    private static async Task<string[]> ConverseAsync(McpServer server, params string[] lines)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        using var output = new MemoryStream();
        await server.ServeAsync(input, output).WaitAsync(Patience);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
