using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

/// <summary>What a tool does whose calls are tasks.</summary>
internal delegate Task<CallToolResult> Work(RunningTask task);

/// <summary>The extension for tasks of 2026-07-28, on what the SDK's core has for extensions; the SDK's own package for it is not at hand.</summary>
internal sealed class TaskExtension(IReadOnlyDictionary<string, Work> works)
{
    private const string Id = "io.modelcontextprotocol/tasks";

    private static readonly JsonTypeInfo<CreatedTask> CreatedType =
        (JsonTypeInfo<CreatedTask>)new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }
            .GetTypeInfo(typeof(CreatedTask));

    private readonly ConcurrentDictionary<string, RunningTask> tasks = new();

    public void AddTo(McpServerOptions options)
    {
        options.Capabilities!.Extensions = new Dictionary<string, object> { [Id] = new JsonObject() };
        options.RequestHandlers =
        [
            Handler("tasks/get", (task, _) => task.Describe()),
            Handler("tasks/update", (task, parameters) => task.Answer(parameters["inputResponses"]!.AsObject())),
            Handler("tasks/cancel", (task, _) => task.Cancel()),
        ];
        options.Filters.Request.CallToolWithAlternateFilters.Add(async (request, next, cancellation) =>
            works.TryGetValue(request.Params.Name, out Work? work) && Declares(request.JsonRpcRequest)
                ? ResultOrAlternate<CallToolResult>.FromAlternate(Start(work).Created, CreatedType)
                : await next(request, cancellation));
    }

    private RunningTask Start(Work work)
    {
        RunningTask task = new();
        tasks[task.Created.TaskId] = task;
        task.Start(work);
        return task;
    }

    private McpServerRequestHandler Handler(string method, Func<RunningTask, JsonNode, JsonObject> handle) => new()
    {
        Method = method,
        RoutingNameParameter = "taskId",
        Handler = (request, _) => tasks.TryGetValue((string)request.Params!["taskId"]!, out RunningTask? task)
            ? new(handle(task, request.Params))
            : throw new McpProtocolException("Unknown task", McpErrorCode.InvalidParams),
    };

    private static bool Declares(JsonRpcRequest request) =>
        request.Params?["_meta"]?["io.modelcontextprotocol/clientCapabilities"]?["extensions"]?[Id] is not null;
}

/// <summary>The answer to a call that has become a task.</summary>
internal sealed class CreatedTask : Result
{
    [JsonPropertyName("taskId")]
    public string TaskId { get; } = Guid.NewGuid().ToString("N");

    [JsonPropertyName("status")]
    public string Status { get; } = "working";

    [JsonPropertyName("createdAt")]
    public DateTimeOffset CreatedAt { get; } = DateTimeOffset.UtcNow;

    [JsonPropertyName("lastUpdatedAt")]
    public DateTimeOffset LastUpdatedAt => CreatedAt;

    [JsonPropertyName("ttlMs")]
    public long? TtlMs { get; } = 60_000;

    [JsonPropertyName("pollIntervalMs")]
    public long PollIntervalMs { get; } = 50;
}

/// <summary>A task that runs, or has ended.</summary>
internal sealed class RunningTask
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, (JsonNode Question, TaskCompletionSource<JsonNode> Answer)> questions = [];
    private JsonObject end = [];
    private string? said;

    public CreatedTask Created { get; } = new() { ResultType = "task" };

    /// <summary>Completes when nobody wants the result any more.</summary>
    public Task Cancelled => cancelled.Task;

    public void Start(Work work) => _ = Task.Run(async () =>
    {
        try
        {
            CallToolResult result = await work(this);
            End("completed", "result", JsonSerializer.SerializeToNode(result, McpJsonUtilities.DefaultOptions));
        }
        catch (McpProtocolException fault)
        {
            End("failed", "error", new JsonObject { ["code"] = (int)fault.ErrorCode, ["message"] = fault.Message });
        }
    });

    public void Say(string message)
    {
        lock (gate)
            said = message;
    }

    public Task<JsonNode> AskAsync(string key, JsonNode question)
    {
        TaskCompletionSource<JsonNode> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
            questions[key] = (question, answer);
        return answer.Task;
    }

    public JsonObject Answer(JsonObject answers)
    {
        lock (gate)
        {
            foreach ((string key, JsonNode? answer) in answers)
            {
                if (questions.Remove(key, out (JsonNode Question, TaskCompletionSource<JsonNode> Answer) asked))
                    asked.Answer.SetResult(answer!.DeepClone());
            }
        }

        return new() { ["resultType"] = "complete" };
    }

    public JsonObject Cancel()
    {
        End("cancelled", "statusMessage", "Cancelled.");
        cancelled.TrySetResult();
        return new() { ["resultType"] = "complete" };
    }

    public JsonObject Describe()
    {
        lock (gate)
        {
            JsonObject state = new()
            {
                ["resultType"] = "complete",
                ["taskId"] = Created.TaskId,
                ["status"] = questions.Count > 0 ? "input_required" : "working",
                ["createdAt"] = Created.CreatedAt,
                ["lastUpdatedAt"] = DateTimeOffset.UtcNow,
                ["ttlMs"] = Created.TtlMs,
                ["pollIntervalMs"] = Created.PollIntervalMs,
            };
            if (said is not null)
                state["statusMessage"] = said;
            if (questions.Count > 0)
                state["inputRequests"] = new JsonObject(questions.Select(asked => KeyValuePair.Create(asked.Key, (JsonNode?)asked.Value.Question.DeepClone())));
            foreach ((string member, JsonNode? value) in end)
                state[member] = value!.DeepClone();
            return state;
        }
    }

    // What has ended stays as it is.
    private void End(string status, string member, JsonNode? value)
    {
        lock (gate)
        {
            if (end.Count > 0)
                return;
            questions.Clear();
            end = new JsonObject { ["status"] = status, [member] = value };
        }
    }
}
