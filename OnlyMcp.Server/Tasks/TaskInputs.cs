using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server.Tasks;

/// <summary>Asks the client of a task: the question is kept with the task, where the client finds it, and the handler waits in place.</summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Update Requests
/// Spec: 2025-11-25 basic/utilities/tasks §Input Required Status
/// </remarks>
internal sealed class TaskInputs(ServerTasks tasks, TaskRun run, CancellationToken stopped) : IInputChannel
{
    public async Task<JsonElement> AskAsync(RequestContext context, string key, InputRequest question, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopped);

        // A question may come while the call is becoming a task, and fails with it.
        await run.BeginAsync(null).WaitAsync(either.Token).ConfigureAwait(false);
        if (!run.IsTask)
            throw new JsonRpcException(ErrorCode.InternalError, $"The client cannot be asked for '{key}': the call could not become a task. Try again later.");

        var digest = InputDigest.Of(question);
        var shown = key;
        await tasks.UpdateAsync(run.TaskId, task => Asked(task, key, question, digest, out shown), either.Token).ConfigureAwait(false);
        try
        {
            var answer = await AnswerAsync(shown, either.Token).ConfigureAwait(false);
            await tasks.UpdateAsync(run.TaskId, task => Heard(task.Without(shown), key, answer, digest), either.Token).ConfigureAwait(false);
            return answer.Refusal is { } refusal
                ? throw new JsonRpcException(new JsonRpcError(refusal.Code, refusal.Message, BodyOf(refusal.Data)))
                : answer.Answer!.Value;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !stopped.IsCancellationRequested)
        {
            // The tool no longer waits, and goes on without the answer.
            await tasks.UpdateAsync(run.TaskId, task => task.Without(shown), stopped).ConfigureAwait(false);
            throw;
        }
    }

    public Task CompleteElicitationAsync(RequestContext context, string key, CancellationToken cancellationToken) =>
        run.CompleteElicitationAsync(key, cancellationToken);

    /// <summary>What runs once is kept with the task: it is not done again should the task run again.</summary>
    public async Task KeepAsync(RequestContext context, string key, JsonElement value, CancellationToken cancellationToken)
    {
        if (run.IsTask)
            await tasks.UpdateAsync(run.TaskId, task => Knowing(task, key, new KnownInput(new AskedInput(InputDigest.Once), value)), cancellationToken).ConfigureAwait(false);
    }

    private async Task<TaskQuestion> AnswerAsync(string key, CancellationToken cancellationToken)
    {
        var task = await tasks.UntilAsync(
            run.TaskId, task => task.Questions.GetValueOrDefault(key) is null or { IsAnswered: true }, cancellationToken).ConfigureAwait(false);
        if (task?.Questions.GetValueOrDefault(key) is { } question)
            return question;

        await run.EndAsync().ConfigureAwait(false);
        throw new OperationCanceledException("The task has ended.", stopped);
    }

    // A task that runs again may find its question asked, and answered, already.
    private static StoredTask? Asked(StoredTask task, string key, InputRequest question, string digest, out string shown)
    {
        var (before, open) = task.Questions.FirstOrDefault(asked => (asked.Value.ToolKey ?? asked.Key) == key);
        if (before is not null && InputDigest.Of(open.Request) == digest)
        {
            shown = before;
            return null;
        }

        shown = UnusedKey(task, key);
        var asked = new TaskQuestion { Request = question, ToolKey = shown == key ? null : key };
        return (before is null ? task : task.Without(before)).With([KeyValuePair.Create(shown, asked)]) with { UsedKeys = [.. task.UsedKeys, shown] };
    }

    // MUST NOT: a key that the client has seen stands for no other question; a client that looks at keys alone would not answer it.
    private static string UnusedKey(StoredTask task, string key)
    {
        var unused = key;
        for (var times = 2; task.UsedKeys.Contains(unused); times++)
            unused = $"{key}-{times}";
        return unused;
    }

    private static StoredTask Heard(StoredTask task, string key, TaskQuestion question, string digest) =>
        question.Answer is { } answer ? Knowing(task, key, new KnownInput(new AskedInput(digest), answer)) : task;

    private static StoredTask Knowing(StoredTask task, string key, KnownInput input)
    {
        var state = task.Inputs?.Deserialize(StoredTaskJson.Lean.InputState) ?? new InputState();
        state = state with { Known = new Dictionary<string, KnownInput>(state.Known) { [key] = input } };
        return task with { Inputs = JsonSerializer.SerializeToElement(state, StoredTaskJson.Lean.InputState) };
    }

    private static JsonBody BodyOf(JsonElement? data) => data is { } value ? JsonBody.Of(value, McpJson.Wire.JsonElement) : default;
}
