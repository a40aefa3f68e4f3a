using System.Text.Json;
using BenchmarkDotNet.Attributes;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.MicroBenchmarks;

/// <summary>Lists of tools, of 400 bytes each, in memory from bytes to bytes: asked for again, and asked for after a change.</summary>
public class ListBenchmarks
{
    private static readonly JsonElement Schema = JsonElement.Parse(
        """{"type":"object","properties":{"text":{"type":"string","description":"What is said, and said once more."},"count":{"type":"integer","minimum":1}},"required":["text"]}""");

    private readonly Bench bench = new();
    private byte[] list = [];

    [Params("modern", "legacy")]
    public string Era { get; set; } = "";

    [Params(100, 1000)]
    public int Tools { get; set; }

    private bool IsModern => Era == "modern";

    [GlobalSetup]
    public void Open()
    {
        bench.Open();
        bench.Server.Tools.Remove("add");
        bench.Server.Tools.Remove("echo");
        bench.Server.Tools.AddRange([.. Enumerable.Range(0, Tools).Select(i => Tool($"tool_{i}"))]);
        list = Calls.List(IsModern);
    }

    [Benchmark(Description = "list again")]
    public int Again() => bench.Serve(list, IsModern);

    [Benchmark(Description = "list after a change")]
    public int AfterAChange()
    {
        bench.Server.Tools.Remove("changing");
        bench.Server.Tools.Add(Tool("changing"));
        return bench.Serve(list, IsModern);
    }

    private static SchemaTool Tool(string name) => new(
        new Tool { Name = name, Description = $"{name} says what it is told as often as it is asked to, word by word. {new string('.', 100)}", InputSchema = Schema },
        (_, _, _) => new(ToolResults.Text("done")),
        null);
}
