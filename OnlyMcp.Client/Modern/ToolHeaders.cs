using System.Collections.Concurrent;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>Which parameters of which tools stand in HTTP headers, as the server has listed the tools last.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Custom Headers from Tool Parameters</remarks>
/// <param name="capacity">How many tools are remembered; one beyond it pushes out all others.</param>
internal sealed class ToolHeaders(int capacity)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ParameterHeader>> tools = new(StringComparer.Ordinal);

    /// <summary>Takes a tool as it is listed now; says what is wrong with it if it must be refused.</summary>
    public string? Take(Tool tool)
    {
        if (!ParameterHeaders.TryParse(tool.InputSchema, out var headers, out var problem))
        {
            tools.TryRemove(tool.Name, out _);
            return problem;
        }

        if (tools.Count >= capacity)
            tools.Clear();
        if (headers.Count > 0)
            tools[tool.Name] = headers;
        else
            tools.TryRemove(tool.Name, out _);
        return null;
    }

    /// <summary>The headers of a tool; empty for one that has none, and for one that was never listed.</summary>
    public IReadOnlyList<ParameterHeader> Of(string tool) => tools.GetValueOrDefault(tool) ?? [];
}
