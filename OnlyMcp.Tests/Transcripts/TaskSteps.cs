using System.Threading.Channels;
using OnlyMcp.Server;
using OnlyMcp.Server.Changes;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>The steps of a server's tasks: between two of them a task waits until it may go on.</summary>
internal sealed class TaskSteps
{
    private readonly Channel<Pause> pauses = Channel.CreateUnbounded<Pause>();

    public TaskOptions Options { get; } = new() { PageSize = 1 };

    public IChangeBus Changes { get; } = new InMemoryChangeBus();

    /// <summary>Waits in a task until it may go on.</summary>
    /// <param name="context">The task's call.</param>
    /// <param name="isDone">Tells by the task when the step that follows is done.</param>
    /// <param name="stop">Ends the pause.</param>
    public async Task PauseAsync(RequestContext context, Func<StoredTask, bool> isDone, CancellationToken stop)
    {
        var pause = new Pause(context.TaskId!, isDone);
        pauses.Writer.TryWrite(pause);
        await pause.Over.Task.WaitAsync(stop);
    }

    /// <summary>Lets the next task that waits, or will, go on, and waits until its step is done.</summary>
    public async Task NextAsync(CancellationToken stop)
    {
        var pause = await pauses.Reader.ReadAsync(stop);
        var changed = Channel.CreateUnbounded<Change>();
        using var listening = Changes.Subscribe(change => changed.Writer.TryWrite(change));
        pause.Over.SetResult();
        while (await Options.Store.FindAsync(pause.TaskId, stop) is { } task && !pause.IsDone(task))
            await changed.Reader.ReadAsync(stop);
    }

    private sealed record Pause(string TaskId, Func<StoredTask, bool> IsDone)
    {
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
