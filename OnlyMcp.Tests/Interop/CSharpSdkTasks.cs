using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using InputRequests = System.Collections.Generic.IDictionary<string, ModelContextProtocol.Protocol.InputRequest>;
using InputResponses = System.Collections.Generic.IDictionary<string, ModelContextProtocol.Protocol.InputResponse>;
using SdkClient = ModelContextProtocol.Client.McpClient;
using TasksExtension = OnlyMcp.Protocol.Schema.TasksExtension;

namespace OnlyMcp.Tests.Interop;

/// <summary>The C# SDK's client as one that knows the extension for tasks, built on what its core has for that.</summary>
/// <remarks>The SDK's own package for tasks is not among the pinned ones (docs/decisions/0002-packages.md).</remarks>
internal sealed class CSharpSdkTasks(SdkClient client)
{
    /// <summary>Calls a tool; the answer is its result, or a task.</summary>
    public Task<JsonNode> CallAsync(string tool) => SendAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = new JsonObject() });

    public Task<JsonNode> GetAsync(string taskId) => SendAsync("tasks/get", new JsonObject { ["taskId"] = taskId }, taskId);

    public Task<JsonNode> CancelAsync(string taskId) => SendAsync("tasks/cancel", new JsonObject { ["taskId"] = taskId }, taskId);

    /// <summary>Asks how far a task is until it has ended, and answers what it asks with the client's handlers.</summary>
    public async Task<JsonNode> FollowAsync(JsonNode task, Func<JsonNode, Task>? seen = null)
    {
        var taskId = (string)task["taskId"]!;
        while ((string)task["status"]! is "working" or "input_required")
        {
            await Task.Delay(TimeSpan.FromMilliseconds((int)task["pollIntervalMs"]!));
            task = await GetAsync(taskId);
            if (seen is not null)
                await seen(task);
            if (task["inputRequests"] is { } asked)
                await AnswerAsync(taskId, asked);
        }

        return task;
    }

    private async Task AnswerAsync(string taskId, JsonNode asked)
    {
        var answers = await client.ResolveInputRequestsAsync(asked.Deserialize<InputRequests>(McpJsonUtilities.DefaultOptions)!, CancellationToken.None);
        var update = new JsonObject { ["taskId"] = taskId, ["inputResponses"] = JsonSerializer.SerializeToNode<InputResponses>(answers, McpJsonUtilities.DefaultOptions) };
        await SendAsync("tasks/update", update, taskId);
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters, string? taskId = null)
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["extensions"] = new JsonObject { [TasksExtension.Id] = new JsonObject() } },
        };

        // The name goes into a header.
        var context = taskId is null ? null : new JsonRpcMessageContext { RoutingName = taskId };
        return (await client.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters, Context = context }, CancellationToken.None)).Result!;
    }
}
