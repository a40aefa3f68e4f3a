using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OnlyMcp.Client.Subscriptions;

/// <summary>What a listener has not read yet: each change once, and no more than a limit.</summary>
internal sealed class ChangeBuffer(int most)
{
    private static readonly ChangesMissed Missed = new();

    private readonly Channel<ServerChange> changes = Channel.CreateUnbounded<ServerChange>();
    private readonly HashSet<ServerChange> waiting = [];

    /// <summary>Adds a change, unless it waits already: whoever reads of it finds what is there then.</summary>
    public void Add(ServerChange change)
    {
        lock (waiting)
        {
            // Only the addresses of resources and the steps of tasks can be many; what there is no room for is told as one.
            if (waiting.Count >= most && change is ResourceUpdated or TaskChanged && !waiting.Contains(change))
                change = Missed;
            if (waiting.Add(change))
                changes.Writer.TryWrite(change);
        }
    }

    /// <summary>Nothing comes any more; who reads hears of the fault last, if there is one.</summary>
    public void Complete(Exception? fault = null) => changes.Writer.TryComplete(fault);

    /// <summary>What is there and what comes, until it is complete.</summary>
    public async IAsyncEnumerable<ServerChange> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            lock (waiting)
                waiting.Remove(change);
            yield return change;
        }
    }
}
