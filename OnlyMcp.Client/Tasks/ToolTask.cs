using System.Diagnostics.CodeAnalysis;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Tasks;

/// <summary>
/// The call of a tool that goes on at the server, whether or not anybody waits for it. If the server answered at once, it is done already.
/// </summary>
/// <remarks>
/// Several may wait for it at a time. Nothing has to be disposed: the task belongs to the server.
/// Spec: ext-tasks tasks §Tasks
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to give back.")]
public sealed class ToolTask
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly TaskAudience progress = new();
    private readonly ITaskLine? line;
    private readonly TaskFollower? follower;
    private readonly Func<JsonBody, ToolAnswer>? read;
    private volatile ToolAnswer? answer;

    /// <summary>A call that was answered at once.</summary>
    internal ToolTask(ToolAnswer answer) => (Tool, this.answer) = (answer.Tool, answer);

    /// <summary>A call that goes on.</summary>
    /// <param name="handle">Where it is found.</param>
    /// <param name="line">How it is asked about.</param>
    /// <param name="follower">Who asks.</param>
    /// <param name="progress">Who hears of its progress.</param>
    /// <param name="read">Reads and checks what the tool answered.</param>
    internal ToolTask(TaskHandle handle, ITaskLine line, TaskFollower follower, TaskAudience progress, Func<JsonBody, ToolAnswer> read) =>
        (Handle, Tool, this.line, this.follower, this.progress, this.read) = (handle, handle.Tool, line, follower, progress, read);

    /// <summary>The tool that was called.</summary>
    public string Tool { get; }

    /// <summary>
    /// What finds the task again, from another process too: store it before anything can go wrong. Null if the server answered at once.
    /// </summary>
    public TaskHandle? Handle { get; }

    /// <summary>
    /// How far the task had come when it was last heard of; null if the server answered at once, or, of a task that was resumed, has not
    /// been asked yet.
    /// </summary>
    public TaskSnapshot? State => follower?.State;

    /// <summary>Whether it is over, as far as is known here: <see cref="WaitAsync"/> then waits for nothing but the result.</summary>
    public bool IsOver => answer is not null || State is { IsFinal: true };

    /// <summary>What the server suggests to tell a language model while the task goes on; mostly null. 2025-11-25 only.</summary>
    public string? ImmediateResponse { get; internal init; }

    /// <summary>Asks the server how far the task has come, unless it is known how it ended.</summary>
    /// <returns><see cref="State"/>, which is null only if the server answered at once.</returns>
    /// <exception cref="TaskNotFoundException">The server does not know the task (any more).</exception>
    /// <exception cref="ProtocolFaultException">The answer breaks the protocol.</exception>
    /// <exception cref="TransportClosedException">The server is gone, and did not come back.</exception>
    public async Task<TaskSnapshot?> RefreshAsync(RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (follower is not null)
            await follower.LookAsync(options ?? RequestOptions.Default, cancellationToken).ConfigureAwait(false);
        return State;
    }

    /// <summary>
    /// Waits until the task is over, answers what it asks meanwhile, and returns what the tool answered, which may say that the tool failed.
    /// </summary>
    /// <param name="options">
    /// Who hears of progress (numbers only where the call itself asked for progress), and how long to wait for the answer to each single
    /// question about the task.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, and nothing else: the task goes on (see <see cref="CancelAsync"/>).</param>
    /// <exception cref="JsonRpcException">The task failed, with the error that the call would have been answered with.</exception>
    /// <exception cref="ToolTaskCancelledException">The task was cancelled.</exception>
    /// <exception cref="TaskNotFoundException">The server does not know the task (any more).</exception>
    /// <exception cref="InputRequiredException">The task asks what nobody here answers. It goes on waiting.</exception>
    /// <exception cref="ProtocolFaultException">An answer breaks the protocol.</exception>
    /// <exception cref="TransportClosedException">The server is gone, and did not come back (<see cref="ClientTaskOptions.GiveUpAfter"/>).</exception>
    public async Task<ToolAnswer> WaitAsync(RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var listening = progress.Add(options);

        // One at a time asks; the others hear the progress, and find the answer.
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return answer ??= await FollowAsync(options ?? RequestOptions.Default, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Asks the server to end the task. It may take a while to do so, or be done before: <see cref="WaitAsync"/> tells what came of it.
    /// A task that is known to be over is left alone.
    /// </summary>
    /// <exception cref="TaskNotFoundException">The server does not know the task (any more).</exception>
    /// <exception cref="MissingServerCapabilityException">The server cancels no tasks.</exception>
    /// <exception cref="TransportClosedException">The server is gone.</exception>
    public async Task CancelAsync(RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (IsOver)
            return;

        if (await line!.CancelAsync(options ?? RequestOptions.Default, cancellationToken).ConfigureAwait(false) is { } state)
            follower!.Hear(new TaskNews(state));
    }

    /// <summary>Nobody hears of its progress any more.</summary>
    internal void Close() => progress.Close();

    private async Task<ToolAnswer> FollowAsync(RequestOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var result = await follower!.RunAsync(options, cancellationToken).ConfigureAwait(false);
            progress.Close();
            return read!(result);
        }
        catch (InputRequiredException asked)
        {
            asked.Task = Handle;
            throw;
        }
        catch when (State is { IsFinal: true })
        {
            progress.Close();
            throw;
        }
    }
}
