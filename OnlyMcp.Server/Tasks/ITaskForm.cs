using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Tasks;

/// <summary>How an era speaks of tasks.</summary>
internal interface ITaskForm
{
    /// <summary>How a call becomes a task; null if it never does.</summary>
    /// <param name="tool">What is called.</param>
    /// <param name="wish">What the client wishes, where an era lets it.</param>
    /// <exception cref="JsonRpcException">The tool cannot be called so by this client.</exception>
    TaskStart? StartOf(McpTool tool, JsonElement? wish);

    /// <summary>What the client is answered in place of the tool's result.</summary>
    Result Answer(StoredTask task);

    /// <summary>Tells the client something that belongs to the task while it runs, if there is a way.</summary>
    Task TellAsync(string taskId, JsonRpcNotification notification, CancellationToken cancellationToken);

    /// <summary>Tells the client that its user is done on the page that the task asked for under this key, if it waits for such news.</summary>
    Task CompleteElicitationAsync(string taskId, string key, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>How a call becomes a task.</summary>
internal sealed record TaskStart
{
    /// <summary>What a client declares that can take tasks.</summary>
    public static ClientCapabilities Needs { get; } = new()
    {
        Extensions = new Dictionary<string, JsonElement> { [TasksExtension.Id] = JsonElement.Parse("{}") },
    };

    /// <summary>After how long; zero for at once, <see cref="Timeout.InfiniteTimeSpan"/> for when the tool says so.</summary>
    public required TimeSpan After { get; init; }

    /// <summary>Whether the answer is a task or an error; otherwise it may also be the tool's result.</summary>
    public required bool IsOwed { get; init; }

    /// <summary>For how long the client wishes the task to be kept; null if it does not say.</summary>
    public TimeSpan? TimeToLive { get; init; }
}
