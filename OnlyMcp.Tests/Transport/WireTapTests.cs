using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transport;

public sealed class WireTapTests
{
    private StringWriter shown = null!;

    [SetUp]
    public void Open() => shown = new StringWriter { NewLine = "\n" };

    [TearDown]
    public void Dispose() => shown.Dispose();

    [Test]
    public async Task Shows_each_message_of_a_client_with_its_direction_and_its_page()
    {
        var transport = new WireTap(shown).Around(new Answering());
        await transport.StartAsync(new RecordedMessages(), default);
        await transport.SendAsync(new JsonRpcRequest(1, "tools/call", new JsonBody("{\"name\":\"a\"}"u8.ToArray())), default);

        shown.ToString().Should().Be("""
            --> tools/call (server/tools §Calling Tools)
            {
              "jsonrpc": "2.0",
              "id": 1,
              "method": "tools/call",
              "params": {
                "name": "a"
              }
            }
            <-- result of tools/call (server/tools §Calling Tools)
            {
              "jsonrpc": "2.0",
              "id": 1,
              "result": {}
            }
            <-- malformed: The message is not valid JSON: x
            \u001b[31mred
            
            """.ReplaceLineEndings("\n"));
    }

    [Test]
    public async Task Shows_what_a_server_says_beside_any_request_and_bytes_that_are_no_message()
    {
        var server = new McpServer("a", "1", new McpServerOptions { WireTap = new WireTap(shown) });
        await using (var client = await AskedClient.ConnectAsync(server, KnownRevisions.V20251125))
        {
            await client.SendAsync(Wire.Ping("1"));
            await client.NextAsync();
            server.AddTool("a", "A", () => "a");
            (await client.RawAsync()).Should().Contain("list_changed");
        }

        await using var handler = new McpHttpHandler(server);
        await handler.HandleAsync(new FakeHttpExchange("POST", "/mcp", "{"));

        shown.ToString().Should().Contain("\n<-- notifications/tools/list_changed").And.Contain("\n--> malformed: ");
    }

    [Test]
    public async Task Shows_each_message_of_a_server()
    {
        var server = new McpServer("a", "1", new McpServerOptions { WireTap = new WireTap(shown) });
        await server.HandleAsync(new JsonRpcRequest("x", "tools/list"), new Exchange(new RecordedStream()), default);
        shown.ToString().Should().StartWith("--> tools/list (server/tools §Listing Tools)\n").And.Contain("\n<-- error of tools/list (server/tools §Listing Tools)\n");
    }

    [Test]
    public void What_a_terminal_would_obey_is_written_out()
    {
        new WireTap(shown).Show(WireDirection.ToClient, new JsonRpcNotification("\u001b[2J\u202Eevil\u0007\u200B", new JsonBody("{\"a\":\"\u009b0m 日本\"}"u8.ToArray())));
        var text = shown.ToString();
        text.Should().Contain("\\u001b[2J\\u202eevil\\u0007\\u200b").And.ContainEquivalentOf("\\u009b0m 日本");
        text.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();
        text.Should().NotContainAny("\u202E", "\u200B");
    }

    [TestCase("""{"resultType":"task","taskId":"a"}""", "<-- task of tools/call (ext-tasks tasks §Task Creation)")]
    [TestCase("""{"resultType":"input_required"}""", "<-- input_required of tools/call (basic/patterns/mrtr §InputRequiredResult)")]
    [TestCase("""{"resultType":"complete"}""", "<-- result of tools/call (server/tools §Calling Tools)")]
    [TestCase("""{"resultType":"\u001b[2J"}""", "<-- result of tools/call (server/tools §Calling Tools)")]
    [TestCase("""{"resultType":1}""", "<-- result of tools/call (server/tools §Calling Tools)")]
    [TestCase("null", "<-- result of tools/call (server/tools §Calling Tools)")]
    public void What_stands_in_the_place_of_a_result_is_told_from_it(string result, string heading)
    {
        new WireTap(shown).Show(WireDirection.ToClient, new JsonRpcResultResponse(1, new JsonBody(Encoding.UTF8.GetBytes(result))), "tools/call");
        shown.ToString().Should().StartWith(heading + "\n");
    }

    [Test]
    public void Every_method_has_a_page_that_exists()
    {
        var headings = TestData.SpecificationHeadings()
            .Select(line => line.StartsWith("ext-", StringComparison.Ordinal) ? line : line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])
            .ToHashSet();
        var methods = typeof(Methods).GetFields().Select(field => (string)field.GetValue(null)!).ToArray();
        WirePages.Known.Should().BeEquivalentTo(methods);
        methods.SelectMany(method => WirePages.Find(method)!.Split("; ")).Should().OnlyContain(page => headings.Contains(page));
    }

    private sealed class Answering : IClientTransport
    {
        private IMessageReceiver? receiver;

        public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
        {
            this.receiver = receiver;
            return Task.CompletedTask;
        }

        public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
        {
            receiver!.Receive(new JsonRpcResultResponse(((JsonRpcRequest)message).Id, new JsonBody("{}"u8.ToArray())));
            receiver.ReceiveMalformed(new MalformedMessageException(ErrorCode.ParseError, "The message is not valid JSON: x"), "\u001b[31mred"u8.ToArray());
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
