using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.MicroBenchmarks;

/// <summary>The steps that every call takes, whatever the transport.</summary>
public class CoreBenchmarks
{
    private readonly ArrayBufferWriter<byte> output = new(1024);
    private readonly CallToolResult result = ToolResults.Text("42");
    private readonly JsonElement arguments = JsonElement.Parse("""{"a":17,"b":25}""");
    private readonly JsonSchema schema = JsonSchema.Parse(
        """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"required":["a","b"],"additionalProperties":false}""");

    [Benchmark(Description = "parse a modern tools/call")]
    public JsonRpcMessage ParseEnvelope() => JsonRpcReader.Parse(Calls.Modern);

    [Benchmark(Description = "write a result response")]
    public int WriteResponse()
    {
        output.ResetWrittenCount();
        JsonRpcWriter.Write(output, new JsonRpcResultResponse(1, JsonBody.Of(result, McpJson.Wire.CallToolResult)));
        return output.WrittenCount;
    }

    [Benchmark(Description = "hold two arguments against a schema")]
    public bool Validate() => schema.IsValid(arguments);
}
