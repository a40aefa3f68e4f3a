using System.Text.Json;
using BenchmarkDotNet.Attributes;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.RateLimits;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.MicroBenchmarks;

/// <summary>A call of <c>add(a, b)</c>: bound to the method alone, and through the whole server to a stream that keeps nothing.</summary>
public class CallBenchmarks
{
    // The limiter counts as it always does, and never refuses: here comes more in a second than any client could send.
    private readonly McpServer server = new(
        "benchmark", "1.0.0", new McpServerOptions { ToolCallLimiter = new TokenBucketLimiter(int.MaxValue, TimeSpan.FromSeconds(1)) });

    private readonly JsonElement arguments = JsonElement.Parse("""{"a":17,"b":25}""");
    private readonly Conversation session = new(TimeProvider.System, fault => throw fault);
    private readonly JsonRpcMessage modern = JsonRpcReader.Parse(Calls.Modern);
    private readonly JsonRpcMessage legacy = JsonRpcReader.Parse(Calls.Legacy);
    private McpTool add = null!;
    private RequestContext context = null!;

    [GlobalSetup]
    public async Task OpenAsync()
    {
        server.AddTool("add", "Adds two numbers.", (int a, int b) => a + b);
        server.AddTool("context", "Keeps its context for the benchmark of add.", (RequestContext own) => { context = own; });
        server.Tools.TryFind("add", out add!);

        await ServeAsync(JsonRpcReader.Parse(Calls.Initialize), session);
        var parameters = new CallToolRequestParams { Name = "context" };
        await ServeAsync(new JsonRpcRequest(1, Methods.ToolsCall, JsonBody.Of(parameters, McpJson.Wire.CallToolRequestParams)), session);
    }

    [Benchmark(Description = "bind two arguments and call add")]
    public ValueTask<Result> BindAndCall() => add.CallAsync(arguments, context, CancellationToken.None);

    [Benchmark(Description = "serve a modern tools/call")]
    public ValueTask ServeModern() => ServeAsync(modern, conversation: null);

    [Benchmark(Description = "serve a legacy tools/call")]
    public ValueTask ServeLegacy() => ServeAsync(legacy, session);

    private ValueTask ServeAsync(JsonRpcMessage message, Conversation? conversation) =>
        server.HandleAsync(message, new Exchange(NullStream.Instance) { Conversation = conversation }, CancellationToken.None);

    /// <summary>Takes results, and nothing else: an error would be measured as if it were an answer.</summary>
    private sealed class NullStream : IResponseStream
    {
        public static NullStream Instance { get; } = new();

        public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken) => message is JsonRpcResultResponse
            ? ValueTask.CompletedTask
            : throw new InvalidOperationException($"The benchmark expects a result and got {message}");
    }
}
