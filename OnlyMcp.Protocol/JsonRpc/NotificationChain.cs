namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>
/// Handles the notifications of a conversation one after another, in the order of their arrival, without ever holding up the
/// one who reads them.
/// </summary>
/// <param name="onFault">Is told of an exception that a handler let out; the chain goes on.</param>
/// <param name="capacity">How many notifications may wait; those that come when it is full are dropped and reported.</param>
public sealed class NotificationChain(Action<Exception> onFault, int capacity = NotificationChain.DefaultCapacity)
{
    /// <summary>How many notifications may wait unless told otherwise.</summary>
    public const int DefaultCapacity = 10_000;

    private static readonly AsyncLocal<NotificationChain?> Running = new();

    private readonly Lock gate = new();
    private Task tail = Task.CompletedTask;
    private int waiting;

    /// <summary>Whether the caller is itself part of a handler on this chain: waiting for the chain would then never end.</summary>
    public bool IsRunningHere => Running.Value == this;

    /// <summary>Appends a handler; the task completes when it and all before it have run, and never fails.</summary>
    public Task Add(Func<ValueTask> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        lock (gate)
        {
            if (waiting >= capacity)
            {
                onFault(new InvalidOperationException(
                    $"{waiting} notifications wait to be handled, which is the limit; this one was dropped. A handler is too slow."));
                return tail;
            }

            waiting++;
            return tail = RunAfterAsync(tail, handle);
        }
    }

    /// <summary>A chain beside this one, with the same limit and the same ear for faults.</summary>
    internal NotificationChain Fork() => new(onFault, capacity);

    private async Task RunAfterAsync(Task before, Func<ValueTask> handle)
    {
        // Leaves the reader's stack at once: a handler that blocks must stall no one.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Running.Value = this;
        try
        {
            await handle().ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            onFault(fault);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }
}
