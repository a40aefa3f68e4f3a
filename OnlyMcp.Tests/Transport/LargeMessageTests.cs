using System.Diagnostics.Tracing;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transport;

/// <summary>Messages of a megabyte and of twenty: what is allocated for them is a small multiple of their length, and none of it stays.</summary>
/// <remarks>What is counted is what the whole process allocates; here nothing else runs beside these tests.</remarks>
[NonParallelizable]
public sealed class LargeMessageTests
{
    private const int MiB = 1024 * 1024;
    private const int Most = 64 * MiB;

    private static readonly string[] Texts = ["plain text ", "line\n\"quoted\"\t", "gr\u00fc\u00dfe \ud83d\ude00 "];

    private static IEnumerable<TestCaseData> Cases =>
        from size in new[] { MiB, 20 * MiB }
        from text in Texts
        select new TestCaseData(size, text).SetArgDisplayNames($"{size / MiB} MiB", text.Trim().Split(' ')[0]);

    [TestCaseSource(nameof(Cases))]
    public async Task An_argument_and_a_result_over_HTTP_take_a_small_multiple_of_their_length(int size, string text)
    {
        await using var host = new McpHttpHost(Echo(), "http://127.0.0.1:0/");
        await host.StartAsync();
        var request = Post(host.Address, Call(Repeat(text, size)), "Mcp-Method: tools/call", "Mcp-Name: echo");
        var answer = new byte[(6 * size) + 4096];
        Exchange(host.Address, request, answer);

        var (allocated, length) = Measure(() => Exchange(host.Address, request, answer));

        ((double)allocated / (request.Length + length)).Should().BeLessThan(7);
    }

    [TestCaseSource(nameof(Cases))]
    public async Task An_argument_and_a_result_over_a_pipe_take_a_small_multiple_of_their_length(int size, string text)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndpoint);
        using var far = await listener.AcceptTcpClientAsync();
        var serving = Echo().ServeAsync(far.GetStream(), far.GetStream());
        byte[] request = [.. Call(Repeat(text, size)), (byte)'\n'];
        var answer = new byte[(6 * size) + 4096];
        ExchangeLine(client, request, answer);

        var (allocated, length) = Measure(() => ExchangeLine(client, request, answer));
        client.Shutdown(SocketShutdown.Both);
        await serving.WaitAsync(TimeSpan.FromSeconds(30));

        ((double)allocated / (request.Length + length)).Should().BeLessThan(7);
    }

    [Test]
    public async Task A_long_list_over_HTTP_is_written_from_where_it_is_kept_and_copied_for_nobody()
    {
        var server = new McpServer("large", "1.0.0");
        for (var i = 0; i < 1000; i++)
            server.AddTool(new Tool { Name = $"tool_{i}", Description = new string('x', 400), InputSchema = JsonElement.Parse("""{"type":"object"}""") }, (_, _, _) => new(ToolResults.Text("x")));
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        var meta = $$$"""{"io.modelcontextprotocol/protocolVersion":"{{{Wire.Modern}}}","io.modelcontextprotocol/clientCapabilities":{}}""";
        var request = Post(host.Address, Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{{{meta}}} } }"""), "Mcp-Method: tools/list");
        var answer = new byte[MiB];

        // Each thread of the pool borrows its first buffer: the least is what it costs from then on.
        var least = Enumerable.Range(0, 20).Select(_ => Measure(() => Exchange(host.Address, request, answer))).Min();

        least.Length.Should().BeGreaterThan(400_000);
        least.Allocated.Should().BeLessThan(100_000);
    }

    [TestCaseSource(nameof(Texts))]
    public void Text_of_a_result_is_written_without_room_for_the_worst_that_could_become_of_it(string text)
    {
        var message = new JsonRpcResultResponse(1, JsonBody.Of(
            new CallToolResult { Content = [new TextContent { Text = Repeat(text, 4 * MiB) }] }, McpJson.Wire.CallToolResult));
        using var output = new PooledBuffer();
        JsonRpcWriter.Write(output, new JsonRpcNotification("warm"));

        using var rented = new LongestRented();
        JsonRpcWriter.Write(output, message);

        rented.Elements.Should().BeInRange(1, MiB);
        JsonRpcReader.Parse(output.Written[JsonRpcWriter.ToBytes(new JsonRpcNotification("warm")).Length..]).Should().BeOfType<JsonRpcResultResponse>()
            .Which.Result.Read(McpJson.Wire.CallToolResult).Content.Should().Equal(((CallToolResult)message.Result.Value!).Content);
    }

    [TestCase(MiB, true)]
    [TestCase(3 * MiB, false)]
    public void What_is_long_does_not_stay_in_the_pool(int bytes, bool isPooled)
    {
        // On a thread of its own: what a thread has given back, it is the first to get again.
        var again = false;
        var thread = new Thread(() =>
        {
            var first = Rented(bytes);
            again = ReferenceEquals(first, Rented(bytes));
        });
        thread.Start();
        thread.Join();

        again.Should().Be(isPooled);

        static byte[] Rented(int bytes)
        {
            using var buffer = new PooledBuffer(bytes);
            buffer.Write("x"u8);
            return MemoryMarshal.TryGetArray(buffer.Written, out var segment) ? segment.Array! : [];
        }
    }

    [Test]
    public void A_buffer_whose_length_is_known_does_not_grow_beyond_it_unless_it_must()
    {
        using var buffer = new PooledBuffer(MiB) { ExpectedLength = (3 * MiB) + 7 };
        while (buffer.Length < buffer.ExpectedLength)
            buffer.Write(new byte[Math.Min(MiB, buffer.ExpectedLength - buffer.Length)]);
        buffer.GetMemory().Length.Should().BePositive("it must");

        using var exact = new PooledBuffer(MiB) { ExpectedLength = (3 * MiB) + 7 };
        exact.Write(new byte[MiB]);
        exact.Write(new byte[MiB]);
        (exact.Length + exact.GetMemory(MiB).Length).Should().Be(exact.ExpectedLength);
    }

    private static McpServer Echo()
    {
        var server = new McpServer("large", "1.0.0", new McpServerOptions { Limits = new ServerLimits { MaxMessageBytes = Most } });
        server.AddTool("echo", "Says what it is told", (string text) => text);
        return server;
    }

    private static string Repeat(string text, int bytes) => string.Concat(Enumerable.Repeat(text, bytes / Encoding.UTF8.GetByteCount(text)));

    private static byte[] Call(string text) => JsonRpcWriter.ToBytes(new JsonRpcRequest(1, Methods.ToolsCall, JsonBody.Of(
        new CallToolRequestParams
        {
            Name = "echo",
            Arguments = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["text"] = text }),
            Meta = new RequestMeta { ProtocolVersion = Wire.Modern, ClientCapabilities = new ClientCapabilities() },
        },
        McpJson.Wire.CallToolRequestParams)));

    private static byte[] Post(Uri server, byte[] body, params string[] headers) =>
    [
        .. Encoding.ASCII.GetBytes(string.Join("\r\n",
            "POST /mcp HTTP/1.1", $"Host: {server.Authority}", "Content-Type: application/json", "Accept: application/json", $"MCP-Protocol-Version: {Wire.Modern}",
            string.Join("\r\n", headers), "Connection: close", $"Content-Length: {body.Length}", "", "")),
        .. body,
    ];

    /// <summary>What the process allocates while something is done, and what that returns.</summary>
    private static (long Allocated, int Length) Measure(Func<int> exchange)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var length = exchange();
        return (GC.GetTotalAllocatedBytes(precise: true) - before, length);
    }

    /// <summary>Sends and receives without allocating; returns the length of the answer.</summary>
    private static int Exchange(Uri server, byte[] request, byte[] answer)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(server.Host, server.Port);
        socket.Send(request);
        int length = 0, received;
        while ((received = socket.Receive(answer.AsSpan(length))) > 0)
            length += received;
        Encoding.ASCII.GetString(answer, 0, 15).Should().Be("HTTP/1.1 200 OK", "and not {0}", Encoding.UTF8.GetString(answer, 0, Math.Min(length, 1000)));
        return length;
    }

    private static int ExchangeLine(Socket socket, byte[] request, byte[] answer)
    {
        socket.Send(request);
        var length = 0;
        do
            length += socket.Receive(answer.AsSpan(length));
        while (answer[length - 1] != '\n');
        Encoding.ASCII.GetString(answer, 0, 40).Should().Contain("result");
        return length;
    }

    /// <summary>How many elements the longest array has that this thread borrows from a pool meanwhile.</summary>
    private sealed class LongestRented : EventListener
    {
        private readonly int thread = Environment.CurrentManagedThreadId;

        public int Elements { get; private set; }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
                EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName == "BufferRented" && Environment.CurrentManagedThreadId == thread)
                Elements = Math.Max(Elements, (int)eventData.Payload![1]!);
        }
    }
}
