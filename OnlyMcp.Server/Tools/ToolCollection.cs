using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OnlyMcp.Server.Tools;

/// <summary>The tools of a server, in the order in which they were added. Safe to change while the server runs.</summary>
public sealed class ToolCollection
{
    private readonly Lock gate = new();
    private volatile Snapshot current = new([], ImmutableDictionary<string, McpTool>.Empty);

    /// <summary>Is raised after a tool was added or removed.</summary>
    public event EventHandler? Changed;

    /// <summary>The tools as they are now. SHOULD: the order is the same each time.</summary>
    public IReadOnlyList<McpTool> All => current.InOrder;

    /// <summary>Adds a tool.</summary>
    /// <exception cref="ArgumentException">A tool of that name is there already.</exception>
    public void Add(McpTool tool) => AddRange([tool]);

    /// <summary>Adds several tools, all or none.</summary>
    /// <exception cref="ArgumentException">A tool of one of the names is there already.</exception>
    public void AddRange(IReadOnlyList<McpTool> tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        lock (gate)
        {
            var byName = current.ByName;
            foreach (var tool in tools)
            {
                ArgumentNullException.ThrowIfNull(tool, nameof(tools));
                if (byName.ContainsKey(tool.Name))
                    throw new ArgumentException($"There is a tool named '{tool.Name}' already; names are unique in a server.", nameof(tools));
                byName = byName.Add(tool.Name, tool);
            }

            current = new Snapshot(current.InOrder.AddRange(tools), byName);
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Removes the tool of that name; false if there is none. Calls in flight go on.</summary>
    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (gate)
        {
            if (!current.ByName.TryGetValue(name, out var tool))
                return false;

            current = new Snapshot(current.InOrder.Remove(tool), current.ByName.Remove(name));
        }

        Changed?.Invoke(this, EventArgs.Empty);
        return true;
    }

    /// <summary>Finds the tool of that name. MUST: names are compared letter by letter.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out McpTool? tool) => current.ByName.TryGetValue(name, out tool);

    private sealed record Snapshot(ImmutableArray<McpTool> InOrder, ImmutableDictionary<string, McpTool> ByName);
}
