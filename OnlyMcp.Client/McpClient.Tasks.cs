using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OnlyMcp.Client.Plain;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

// Spec: ext-tasks tasks §Task Creation
// Spec: 2025-11-25 basic/utilities/tasks §Creating Tasks
public sealed partial class McpClient
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Task, byte> farewells = new();
    private readonly TaskServer taskServer;
    private readonly PlainToolResults plainResults = new();

    /// <summary>
    /// Calls a tool and does not wait for its answer, if the server lets the call go on as a task: the result can be asked for later, and
    /// its <see cref="ToolTask.Handle"/> stored, to go on in another process. A server that answers at once has answered: the task is over.
    /// </summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">An object with the arguments as members, such as <c>new { city = "Oslo" }</c>; a dictionary; or null.</param>
    /// <param name="options">What this call wants differently; its progress is told for as long as the task lives and is waited for.</param>
    /// <param name="cancellationToken">Ends the wait for the task to begin, and the task if it begins all the same.</param>
    /// <exception cref="MissingServerCapabilityException">The server offers no tools.</exception>
    /// <exception cref="JsonRpcException">The server answered with an error: there is no such tool, for instance.</exception>
    /// <exception cref="RequestTimedOutException">No answer came in time.</exception>
    /// <exception cref="ProtocolFaultException">The answer breaks the protocol.</exception>
    /// <exception cref="TransportClosedException">The server is gone.</exception>
    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    public Task<ToolTask> StartToolAsync(
        string name, object? arguments = null, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(name, Written(arguments), (options ?? RequestOptions.Default) with { AsTask = true }, cancellationToken);

    /// <inheritdoc cref="StartToolAsync(string, object?, RequestOptions?, CancellationToken)"/>
    public Task<ToolTask> StartToolAsync(
        string name, JsonElement arguments, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(name, BodyOf(arguments), (options ?? RequestOptions.Default) with { AsTask = true }, cancellationToken);

    /// <summary>
    /// Goes on with a task that was started before, by this client or another, in whatever process: asks nothing yet. The server has to be
    /// the same, and so has whoever is logged in there.
    /// </summary>
    /// <exception cref="InvalidOperationException">The revision that is spoken has no tasks.</exception>
    public ToolTask ResumeTask(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        if (era.Tasks.Missing is { } reason)
            throw new InvalidOperationException($"The task '{handle.TaskId}' cannot be asked about: {reason}.");

        return Open(handle, new TaskAudience(), null);
    }

    /// <summary>
    /// Lists the tasks that the server knows of and lets this client see, asking for page after page as they are read. 2025-11-25 only;
    /// elsewhere keep the handles.
    /// </summary>
    /// <exception cref="InvalidOperationException">The revision that is spoken has no list of tasks.</exception>
    /// <exception cref="MissingServerCapabilityException">The server lists no tasks.</exception>
    /// <exception cref="ProtocolFaultException">
    /// The pages have no end: a cursor came twice, or there are more than <see cref="ClientLimits.MaxPages"/>.
    /// </exception>
    public IAsyncEnumerable<TaskSnapshot> ListTasksAsync(RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(
            Methods.TasksList,
            (cursor, stop) => era.Tasks.ListAsync(taskServer, cursor, options ?? RequestOptions.Default, stop),
            page => page.Tasks,
            cancellationToken);

    private async Task<ToolTask> StartAsync(string name, JsonBody arguments, RequestOptions options, CancellationToken cancellationToken)
    {
        var progress = new TaskAudience();
        progress.Add(options);
        var outcome = await BeginAsync(new PlainCall(name, arguments), options, progress, cancellationToken).ConfigureAwait(false);
        return era.Tasks.TaskIn(outcome) is { } begun
            ? Open(HandleOf(name, begun.State), progress, begun.State, begun.ImmediateResponse)
            : new ToolTask(Answer(name, outcome));
    }

    /// <summary>Calls a tool, and if the call becomes a task, waits until it is over.</summary>
    private async Task<ToolAnswer> CallAsync(PlainCall call, RequestOptions given, CancellationToken cancellationToken)
    {
        var progress = given.WantsProgress ? new TaskAudience() : null;
        progress?.Add(given);
        var began = options.TimeProvider.GetTimestamp();
        var outcome = await BeginAsync(call, given, progress, cancellationToken).ConfigureAwait(false);

        // What is plain is no task.
        if (plainResults.Read(outcome) is { } plain)
            return Answer(call.Name, plain);
        return era.Tasks.TaskIn(outcome) is { } begun
            ? await FollowAsync(call.Name, begun.State, given, progress, began, cancellationToken).ConfigureAwait(false)
            : Answer(call.Name, ReadByContract(outcome));
    }

    private Task<ToolAnswer> FollowAsync(
        string name, TaskSnapshot state, RequestOptions given, TaskAudience? progress, long began, CancellationToken cancellationToken) =>
        WaitAsync(Open(HandleOf(name, state), progress ?? new TaskAudience(), state), given, began, cancellationToken);

    private ValueTask<JsonBody> BeginAsync(
        PlainCall call, RequestOptions options, TaskAudience? progress, CancellationToken cancellationToken)
    {
        Check(call.Name, call.Arguments);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        return this.options.Tasks.IsEnabled
            ? era.Tasks.CallAsync(taskServer, call, options, progress, cancellationToken)
            : AskCheckedAsync(Methods.ToolsCall, call.ToBody(), options, cancellationToken);
    }

    private static void Check(string name, JsonBody arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!arguments.IsAbsent && arguments.ToUtf8().Span[0] != (byte)'{')
            throw new ArgumentException("The arguments of a tool are an object: give one, or a dictionary, or null.", nameof(arguments));
    }

    /// <summary>Whoever calls a tool and waits knows of no task: who waits no longer wants it to end.</summary>
    private async Task<ToolAnswer> WaitAsync(ToolTask task, RequestOptions given, long began, CancellationToken cancellationToken)
    {
        var total = (given.Timeouts ?? options.Timeouts).Total;
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.TimeProvider);
        if (total is { } limit && limit != Timeout.InfiniteTimeSpan)
            late.CancelAfter(TimeSpan.FromTicks(Math.Max(0, (limit - options.TimeProvider.GetElapsedTime(began)).Ticks)));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await task.WaitAsync(given with { OnProgress = null, Progress = null }, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            BidFarewell(stop => task.CancelAsync(null, stop));
            cancellationToken.ThrowIfCancellationRequested();
            throw new RequestTimedOutException(Methods.ToolsCall, total!.Value);
        }
        catch (Exception fault) when (!task.IsOver)
        {
            task.Handle!.PutOn(fault);
            throw;
        }
        finally
        {
            // MUST NOT: whoever has an answer, or an exception in its place, is told no more, though the task may go on.
            task.Close();
        }
    }

    private ToolTask Open(TaskHandle handle, TaskAudience progress, TaskSnapshot? state, string? immediateResponse = null)
    {
        var line = era.Tasks.Open(taskServer, handle);
        var follower = new TaskFollower(
            line,
            new TaskPace(era, options, disposing.Token),
            handle.Tool,
            news => Conversation.Inbox.Tell(() => progress.Hear(news)));
        if (state is not null)
            follower.Begin(state);
        return new ToolTask(handle, line, follower, progress, result => Answer(handle.Tool, result)) { ImmediateResponse = immediateResponse };
    }

    private static TaskHandle HandleOf(string tool, TaskSnapshot state) => new() { TaskId = state.Id, Tool = tool, CreatedAt = state.CreatedAt };

    private ToolAnswer Answer(string tool, JsonBody result) => Answer(tool, plainResults.Read(result) ?? ReadByContract(result));

    private ToolAnswer Answer(string tool, CallToolResult read)
    {
        var content = Icons.Of(read.Content);
        var answer = new ToolAnswer(tool, ReferenceEquals(content, read.Content) ? read : read with { Content = content });
        CheckStructure(answer);
        return answer;
    }

    private CallToolResult ReadByContract(JsonBody result)
    {
        var read = TaskServer.Read(Methods.ToolsCall, result, McpJson.Wire.CallToolResult);
        plainResults.Note(result, read);
        return read;
    }

    private async Task SeeToolAsync(string name, RequestOptions options, CancellationToken cancellationToken)
    {
        var asking = new RequestOptions { Timeouts = options.Timeouts, Fresh = true };
        await foreach (var tool in ListToolsAsync(asking, cancellationToken).ConfigureAwait(false))
        {
            if (tool.Name == name)
                return;
        }
    }

    /// <summary>Says goodbye to what is at the server, beside the caller, who wants to go on; <see cref="DisposeAsync"/> waits for it.</summary>
    private void BidFarewell(Func<CancellationToken, Task> farewell)
    {
        var bidding = BidFarewellAsync(farewell);
        farewells[bidding] = 0;
        bidding.ContinueWith(
            done => farewells.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task BidFarewellAsync(Func<CancellationToken, Task> farewell)
    {
        // Whoever cancels a token runs what waits for it, and should not be held up.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limit = new CancellationTokenSource(FarewellTime, options.TimeProvider);
        try
        {
            await farewell(limit.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Conversation.Inbox.LogFarewell(fault);
        }
    }
}
