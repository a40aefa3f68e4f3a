using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

/// <summary>The tools that the server has listed, by name, each as it was listed last.</summary>
/// <param name="capacity">How many are remembered; those beyond it push out all others.</param>
internal sealed class ToolTable(int capacity)
{
    private readonly ConcurrentDictionary<string, SeenTool> tools = new(StringComparer.Ordinal);

    public void See(Tool tool)
    {
        if (tools.Count >= capacity)
            tools.Clear();
        tools.AddOrUpdate(tool.Name, _ => new SeenTool(tool), (_, seen) => seen.SeenAgain(tool));
    }

    public SeenTool? Find(string name) => tools.GetValueOrDefault(name);
}

/// <summary>A tool that the server has listed, and its output schema, which is read when the first answer is to be checked.</summary>
internal sealed class SeenTool
{
    private readonly Lazy<(JsonSchema? Schema, JsonSchemaException? Fault)> output;
    private int told;

    public SeenTool(Tool tool)
        : this(tool, new(() => Read(tool.OutputSchema)))
    {
    }

    private SeenTool(Tool tool, Lazy<(JsonSchema?, JsonSchemaException?)> output)
    {
        Tool = tool;
        this.output = output;
    }

    public Tool Tool { get; }

    /// <summary>What its structured content keeps to; null if it declares nothing, or nothing that can be used.</summary>
    public JsonSchema? OutputSchema => output.Value.Schema;

    /// <summary>Why the declared output schema cannot be used, for the first who asks; null if it can.</summary>
    public JsonSchemaException? TakeOutputSchemaFault() => Interlocked.Exchange(ref told, 1) == 0 ? output.Value.Fault : null;

    /// <summary>The tool as it is listed now; what is the same is not read again.</summary>
    public SeenTool SeenAgain(Tool tool) => IsSame(Tool.OutputSchema, tool.OutputSchema) ? new(tool, output) : new(tool);

    private static bool IsSame(JsonElement? one, JsonElement? other) =>
        one is { } left && other is { } right ? JsonElement.DeepEquals(left, right) : one is null && other is null;

    private static (JsonSchema?, JsonSchemaException?) Read(JsonElement? schema)
    {
        try
        {
            // MUST NOT: nothing that a schema refers to is fetched; what is not in it makes it unusable.
            return (schema is { } declared ? JsonSchema.Parse(declared) : null, null);
        }
        catch (JsonSchemaException fault)
        {
            return (null, fault);
        }
    }
}
