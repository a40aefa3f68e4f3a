using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

public sealed class ToolsCallTests
{
    private const string Meta =
        """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """;

    [Test]
    public async Task A_modern_call_reaches_the_tool_and_its_answer_is_stamped()
    {
        var server = new McpServer("adder", "1.0.0");
        server.AddTool("add", "Adds two numbers", (int a, int b) => a + b);

        var answer = await AskAsync(server, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"add\",\"arguments\":{\"a\":1,\"b\":2}," + Meta + "}}");

        answer.Should().Be("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"3"}],"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"adder","version":"1.0.0"}}}}""");
    }

    [Test]
    public async Task What_the_schema_forbids_never_reaches_the_tool_and_the_model_is_told_what_to_mend()
    {
        var called = false;
        var server = new McpServer("adder", "1.0.0");
        server.AddTool("add", "Adds two numbers", (int a, int b) => called = true);

        var answer = await AskAsync(server, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"add\",\"arguments\":{\"a\":\"one\"}," + Meta + "}}");

        called.Should().BeFalse();
        answer.Should().Contain("\"isError\":true").And.Contain("/a: expected").And.Contain("received \\\"one\\\"").And.Contain("b");
    }

    [TestCase("\"arguments\":{\"a\":DEEP}," + Meta)]
    [TestCase("\"arguments\":{},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{},\"a\":DEEP}")]
    public async Task What_nests_deeper_than_parameters_are_read_is_refused_in_words(string members)
    {
        var server = new McpServer("adder", "1.0.0", new McpServerOptions { Limits = new() { MaxDepth = 200 } });
        server.AddTool("add", "Adds two numbers", (int a) => a);
        var deep = members.Replace("DEEP", new string('[', 100) + new string(']', 100), StringComparison.Ordinal);

        var answer = await AskAsync(server, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"add\"," + deep + "}}");

        answer.Should().Contain("\"code\":-32602").And.Contain("depth");
    }

    private static async Task<string> AskAsync(McpServer server, string request)
    {
        var stream = new RecordedStream();
        await server.HandleAsync(JsonRpcReader.Parse(Encoding.UTF8.GetBytes(request), server.Options.Limits.MaxDepth), new Exchange(stream), default);
        return stream.Messages[^1].ToString();
    }
}
