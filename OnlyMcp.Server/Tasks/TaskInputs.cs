using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Inputs;

namespace OnlyMcp.Server.Tasks;

/// <summary>
/// Asks the client of a task: the question is kept with the task, where the client finds it, and the handler waits in place.
/// </summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Update Requests
/// Spec: 2025-11-25 basic/utilities/tasks §Input Required Status
/// </remarks>
internal sealed class TaskInputs(ServerTasks tasks, TaskRun run, CancellationToken stopped) : IInputChannel
{
    private readonly ConcurrentDictionary<string, Func<JsonElement, string?>> checks = new(StringComparer.Ordinal);

    public Task<JsonElement> AskAsync(
        RequestContext context, string key, InputRequest question, Func<JsonElement, string?>? check, CancellationToken cancellationToken) =>
        AskAsync(key, question, check, Heard, cancellationToken);

    /// <summary>The answers of a round stay with their questions until it is over: a task that runs again meanwhile asks the same.</summary>
    public Task<JsonElement> AskInRoundAsync(RequestContext context, string key, InputRequest question, CancellationToken cancellationToken) =>
        AskAsync(key, question, null, (_, _, _, _, _) => null, cancellationToken);

    public Task EndRoundAsync(RequestContext context, CancellationToken cancellationToken) => ChangeAsync(
        task => WithState(task.Without((_, question) => question.IsAnswered), context.Inputs.Known),
        cancellationToken);

    public Task CompleteElicitationAsync(RequestContext context, string key, CancellationToken cancellationToken) =>
        run.CompleteElicitationAsync(key, cancellationToken);

    /// <summary>What runs once is kept with the task: it is not done again should the task run again.</summary>
    public async Task KeepAsync(RequestContext context, string key, JsonElement value, CancellationToken cancellationToken)
    {
        if (run.IsTask)
        {
            var known = new KnownInput(new AskedInput(InputDigest.Once), value);
            await ChangeAsync(task => Knowing(task, key, known), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is wrong with an answer beyond its question's own schema; null for nothing.</summary>
    public string? WhatIsWrongWith(string shown, JsonElement answer) => checks.GetValueOrDefault(shown)?.Invoke(answer);

    private async Task<JsonElement> AskAsync(
        string key, InputRequest question, Func<JsonElement, string?>? check, HearAnswer hear, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopped);

        // A question may come while the call is becoming a task, and fails with it.
        await run.BeginAsync(null).WaitAsync(either.Token).ConfigureAwait(false);
        if (!run.IsTask)
        {
            throw new JsonRpcException(
                ErrorCode.InternalError, $"The client cannot be asked for '{key}': the call could not become a task. Try again later.");
        }

        var digest = InputDigest.Of(question);
        var shown = await ShowAsync(key, question, digest, check, either.Token).ConfigureAwait(false);
        try
        {
            var answer = await AnswerAsync(shown, either.Token).ConfigureAwait(false);
            await ChangeAsync(task => hear(task, key, shown, answer, digest), either.Token).ConfigureAwait(false);
            return answer.Refusal is { } refusal
                ? throw new JsonRpcException(new JsonRpcError(refusal.Code, refusal.Message, BodyOf(refusal.Data)))
                : answer.Answer!.Value;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !stopped.IsCancellationRequested)
        {
            // The tool no longer waits, and goes on without the answer.
            await ChangeAsync(task => task.Without((open, _) => open == shown), stopped).ConfigureAwait(false);
            throw;
        }
        finally
        {
            checks.TryRemove(shown, out _);
        }
    }

    /// <summary>Puts the question to the client, and returns the key that stands for it there.</summary>
    private async Task<string> ShowAsync(
        string key, InputRequest question, string digest, Func<JsonElement, string?>? check, CancellationToken cancellationToken)
    {
        var shown = key;
        await tasks.InsistAsync(run.TaskId, ShowOnceAsync, cancellationToken).ConfigureAwait(false);
        return shown;

        async ValueTask<StoredTask?> ShowOnceAsync()
        {
            try
            {
                return await tasks.UpdateAsync(run.TaskId, Checked, cancellationToken).ConfigureAwait(false);
            }
            catch (TaskStoreFullException full)
            {
                throw new JsonRpcException(ErrorCode.InternalError, $"The client cannot be asked for '{key}' now. {full.Message}");
            }
        }

        // The check is there before the question: an answer may come at once.
        StoredTask? Checked(StoredTask task)
        {
            var asked = Asked(task, key, question, digest, out shown);
            if (check is not null)
                checks[shown] = check;
            return asked;
        }
    }

    private async Task<TaskQuestion> AnswerAsync(string shown, CancellationToken cancellationToken)
    {
        var task = await tasks.InsistAsync(run.TaskId, UntilAsync, cancellationToken).ConfigureAwait(false);
        if (task?.Questions.GetValueOrDefault(shown) is { } question)
            return question;

        await run.EndAsync().ConfigureAwait(false);
        throw new OperationCanceledException("The task has ended.", stopped);

        ValueTask<StoredTask?> UntilAsync() => new(tasks.UntilAsync(
            run.TaskId, task => task.Questions.GetValueOrDefault(shown) is null or { IsAnswered: true }, cancellationToken));
    }

    private Task<StoredTask?> ChangeAsync(Func<StoredTask, StoredTask?> change, CancellationToken cancellationToken) => tasks.InsistAsync(
        run.TaskId, () => tasks.UpdateAsync(run.TaskId, change, cancellationToken), cancellationToken);

    // A task that runs again may find its question asked, and answered, already.
    private static StoredTask? Asked(StoredTask task, string key, InputRequest question, string digest, out string shown)
    {
        var (before, open) = task.Questions.FirstOrDefault(asked => (asked.Value.ToolKey ?? asked.Key) == key);
        if (before is not null && InputDigest.Of(open.Request) == digest)
        {
            shown = before;
            return null;
        }

        var unused = shown = UnusedKey(task, key);
        var asked = new TaskQuestion { Request = question, ToolKey = unused == key ? null : key };
        task = task.Without((one, _) => one == before).With([KeyValuePair.Create(unused, asked)]);
        return task with { UsedKeys = [.. task.UsedKeys, unused] };
    }

    // MUST NOT: a key that the client has seen stands for no other question; a client that looks at keys alone would not answer it.
    private static string UnusedKey(StoredTask task, string key)
    {
        var unused = key;
        for (var times = 2; task.UsedKeys.Contains(unused); times++)
            unused = $"{key}-{times}";
        return unused;
    }

    private static StoredTask Heard(StoredTask task, string key, string shown, TaskQuestion question, string digest)
    {
        task = task.Without((open, _) => open == shown);
        return question.Answer is { } answer ? Knowing(task, key, new KnownInput(new AskedInput(digest), answer)) : task;
    }

    private static StoredTask Knowing(StoredTask task, string key, KnownInput input)
    {
        var state = StateOf(task);
        return WithState(task, state with { Known = new Dictionary<string, KnownInput>(state.Known) { [key] = input } });
    }

    private static InputState StateOf(StoredTask task) => task.Inputs?.Deserialize(StoredTaskJson.Lean.InputState) ?? new InputState();

    // What gets further is not what ends the process each time.
    private static StoredTask WithState(StoredTask task, InputState state) =>
        task with { Inputs = JsonSerializer.SerializeToElement(state, StoredTaskJson.Lean.InputState), Interruptions = 0 };

    private static JsonBody BodyOf(JsonElement? data) => data is { } value ? JsonBody.Of(value, McpJson.Wire.JsonElement) : default;

    /// <summary>What becomes of a task whose handler hears an answer.</summary>
    private delegate StoredTask? HearAnswer(StoredTask task, string key, string shown, TaskQuestion question, string digest);
}
