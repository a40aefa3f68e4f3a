using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.MicroBenchmarks;

/// <summary>The steps that every call takes, each on its own: parse, dispatch, validate, bind, write.</summary>
public class StepBenchmarks
{
    private readonly Bench bench = new();
    private readonly byte[] modern = Calls.Add(modern: true);
    private readonly byte[] legacy = Calls.Add(modern: false);
    private readonly Dispatcher<object> dispatcher = new([new(Methods.ToolsList, Done), new(Methods.ToolsCall, Done)]);
    private readonly JsonRpcRequest request = new(1, Methods.ToolsCall);
    private readonly ArrayBufferWriter<byte> output = new(1024);
    private readonly CallToolResult result = ToolResults.Text("42");
    private readonly JsonElement arguments = JsonElement.Parse("""{"a":17,"b":25}""");
    private readonly JsonSchema schema = JsonSchema.Parse(
        """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"required":["a","b"],"additionalProperties":false}""");

    private McpTool add = null!;
    private RequestContext context = null!;

    [GlobalSetup]
    public void Open()
    {
        bench.Open();
        bench.Server.Tools.TryFind("add", out add!);
        bench.Server.AddTool("context", "Keeps its context for the benchmark of add.", (RequestContext own) => { context = own; });
        var parameters = new CallToolRequestParams { Name = "context" };
        bench.Serve(new JsonRpcRequest(1, Methods.ToolsCall, JsonBody.Of(parameters, McpJson.Wire.CallToolRequestParams)), modern: false);
    }

    [Benchmark(Description = "parse a modern tools/call")]
    public JsonRpcMessage ParseModern() => JsonRpcReader.Parse(modern);

    [Benchmark(Description = "parse a legacy tools/call")]
    public JsonRpcMessage ParseLegacy() => JsonRpcReader.Parse(legacy);

    [Benchmark(Description = "dispatch to a handler that does nothing")]
    public ValueTask<Result> Dispatch() => dispatcher.DispatchAsync(request, this, CancellationToken.None);

    [Benchmark(Description = "hold two arguments against a schema")]
    public bool Validate() => schema.IsValid(arguments);

    [Benchmark(Description = "bind two arguments and call add")]
    public ValueTask<Result> BindAndCall() => add.CallAsync(arguments, context, CancellationToken.None);

    [Benchmark(Description = "write a result response")]
    public int Write()
    {
        output.ResetWrittenCount();
        JsonRpcWriter.Write(output, new JsonRpcResultResponse(1, JsonBody.Of(result, McpJson.Wire.CallToolResult)));
        return output.WrittenCount;
    }

    private static ValueTask<Result> Done(JsonRpcRequest request, object context, CancellationToken cancellationToken) => default;
}
