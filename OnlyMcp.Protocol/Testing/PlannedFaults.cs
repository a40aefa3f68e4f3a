using System.Diagnostics.CodeAnalysis;

namespace OnlyMcp.Protocol.Testing;

/// <summary>Does to the messages of one direction, one after another, what a plan says.</summary>
/// <typeparam name="T">A message: bytes or a record.</typeparam>
/// <param name="plan">What goes wrong.</param>
/// <param name="garble">Makes another message of one.</param>
/// <param name="pass">Passes a message on.</param>
/// <param name="oneByOne">
/// Whether a message must have passed before the next one begins to: so on a stream of bytes. On others they begin in order, and each
/// sender waits for its own.
/// </param>
[SuppressMessage("Design", "CA1001", Justification = "Nobody asks the semaphore for its handle: it holds nothing to give back.")]
internal sealed class PlannedFaults<T>(
    FaultPlan plan, Func<T, Random, T> garble, Func<T, CancellationToken, ValueTask> pass, bool oneByOne)
{
    private readonly Random chance = new(plan.Seed);
    private readonly SemaphoreSlim turn = new(1, 1);
    private Held? held;
    private int passed;

    /// <summary>Whether the way is to break before another message passes.</summary>
    public bool IsCut => plan.CutAfterMessages is { } most && Volatile.Read(ref passed) >= most;

    /// <summary>Passes a message on, or keeps it until the next one has overtaken it.</summary>
    public async ValueTask TakeAsync(T message, CancellationToken cancellationToken)
    {
        var sent = Task.CompletedTask;
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Every die is thrown for every message, so that one fault's share does not move the others.
            var (garbled, twice, overtaken, delayed) =
                (Falls(plan.Garbled), Falls(plan.Duplicated), Falls(plan.Overtaken), Falls(plan.Delayed));
            if (garbled)
                message = garble(message, chance);
            if (delayed)
                await Task.Delay(plan.Delay, plan.TimeProvider, cancellationToken).ConfigureAwait(false);

            if (overtaken && held is null)
                sent = Hold(message);
            else
                sent = await PassAllAsync(message, twice, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }

        await sent.ConfigureAwait(false);
    }

    private bool Falls(double share) => chance.NextDouble() < share;

    private Task Hold(T message)
    {
        held = new Held(message);
        _ = ReleaseLaterAsync();
        return oneByOne ? Task.CompletedTask : held.Sent.Task;
    }

    /// <summary>Begins to pass it, again if it comes twice, and then what it has overtaken.</summary>
    private async ValueTask<Task> PassAllAsync(T message, bool twice, CancellationToken cancellationToken)
    {
        var own = await PassAsync(message, cancellationToken).ConfigureAwait(false);
        if (twice)
            own = Task.WhenAll(own, await PassAsync(message, cancellationToken).ConfigureAwait(false));
        await ReleaseAsync().ConfigureAwait(false);
        return own;
    }

    private async ValueTask<Task> PassAsync(T message, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref passed);
        var passing = pass(message, cancellationToken).AsTask();
        if (oneByOne)
            await passing.ConfigureAwait(false);
        return passing;
    }

    private async ValueTask ReleaseAsync()
    {
        if (held is not { } last)
            return;

        held = null;
        try
        {
            var passing = await PassAsync(last.Message, CancellationToken.None).ConfigureAwait(false);
            _ = passing.ContinueWith(last.End, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception fault)
        {
            last.End(Task.FromException(fault));
        }
    }

    private async Task ReleaseLaterAsync()
    {
        await Task.Delay(plan.Delay, plan.TimeProvider).ConfigureAwait(false);
        await turn.WaitAsync().ConfigureAwait(false);
        await ReleaseAsync().ConfigureAwait(false);
        turn.Release();
    }

    private sealed record Held(T Message)
    {
        public TaskCompletionSource Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End(Task passing)
        {
            // Looked at here too: where one message passes after another nobody waits for this one.
            if (passing.IsCompletedSuccessfully)
                Sent.TrySetResult();
            else
                Sent.TrySetException(passing.Exception?.InnerException ?? new OperationCanceledException());
            _ = Sent.Task.Exception;
        }
    }
}
