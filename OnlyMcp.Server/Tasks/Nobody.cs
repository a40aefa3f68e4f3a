using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Inputs;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Tasks;

/// <summary>Stands where a client was: for a task that runs again in another process than the one that was asked.</summary>
internal sealed class Nobody : IResponseStream, IInputSource, ITaskForm
{
    public static Nobody Instance { get; } = new();

    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public RequestInputs Begin(RequestContext context) => new(context, channel: null);

    public void Resume(RequestContext context, IReadOnlyDictionary<string, JsonElement>? responses, string? requestState)
    {
    }

    public TaskStart? StartOf(McpTool tool, JsonElement? wish) => null;

    public Result Answer(StoredTask task) => throw new InvalidOperationException("Nobody waits for the answer to a task that runs again.");

    public Task TellAsync(string taskId, JsonRpcNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;
}
