using BenchmarkDotNet.Attributes;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.MicroBenchmarks;

/// <summary>The whole way of a call in memory, from its bytes to those of the answer, in either era.</summary>
public class PipelineBenchmarks
{
    private readonly Bench bench = new();
    private byte[] add = [];
    private byte[] echo = [];
    private JsonRpcMessage parsed = null!;

    [Params("modern", "legacy")]
    public string Era { get; set; } = "";

    private bool IsModern => Era == "modern";

    [GlobalSetup]
    public void Open()
    {
        bench.Open();
        add = Calls.Add(IsModern);
        echo = Calls.Echo(1024 * 1024, IsModern);
        parsed = JsonRpcReader.Parse(add);
    }

    [Benchmark(Description = "add, bytes to bytes")]
    public int Add() => bench.Serve(add, IsModern);

    [Benchmark(Description = "add, parsed before")]
    public int AddParsed() => bench.Serve(parsed, IsModern);

    [Benchmark(Description = "echo of 1 MiB, bytes to bytes")]
    public int Echo() => bench.Serve(echo, IsModern);
}
