using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Changes;

/// <summary>Tells one client of the changes that it wants to hear of: in order, one at a time, as fast as it reads.</summary>
/// <remarks>
/// A change that still waits is not entered again, for the client reads anew what is there when it hears of it. So no more wait than
/// there are things that the client asked about, however slowly it reads and however much happens.
/// Spec: 2026-07-28 basic/patterns/subscriptions §Receiving Notifications
/// </remarks>
internal abstract class ChangeFeed(ILogger logger)
{
    private readonly Lock gate = new();
    private readonly Queue<Change> waiting = new();
    private readonly HashSet<Change> entered = [];
    private bool isTelling;

    /// <summary>Completes when what is being told has been told.</summary>
    public Task Told { get; private set; } = Task.CompletedTask;

    /// <summary>How many changes wait to be told.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>Whether the client can be told now; what comes before waits.</summary>
    protected abstract bool CanTell { get; }

    /// <summary>Takes a change off the bus.</summary>
    public void Hear(Change change)
    {
        if (!Wants(change))
            return;

        lock (gate)
        {
            if (entered.Add(change))
                waiting.Enqueue(change);
        }

        Tell();
    }

    /// <summary>Tells what waits, if the client can be told.</summary>
    public void Tell()
    {
        lock (gate)
        {
            if (isTelling || waiting.Count == 0 || !CanTell)
                return;

            isTelling = true;
            if (IsBeside)
            {
                Told = Task.Run(TellAllAsync);
                return;
            }
        }

        Told = TellAllAsync();
    }

    /// <summary>Whether it tells beside whoever made the change: a client that reads slowly is no concern of theirs.</summary>
    protected virtual bool IsBeside => true;

    /// <summary>Whether the client asked to hear of it.</summary>
    protected abstract bool Wants(Change change);

    /// <summary>Sends the notification; done when the client's transport has taken it.</summary>
    protected abstract ValueTask TellAsync(Change change);

    private async Task TellAllAsync()
    {
        while (TryTake(out var change))
        {
            try
            {
                // Looked at again: the client may have thought better of it meanwhile.
                if (Wants(change))
                    await TellAsync(change).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is TransportClosedException or OperationCanceledException)
            {
                logger.LogDebug("A client was not told of {Change}: {Reason}", change, fault.Message);
            }
            catch (Exception fault)
            {
                logger.LogError(fault, "A client could not be told of {Change}.", change);
            }
        }
    }

    private bool TryTake([NotNullWhen(true)] out Change? change)
    {
        lock (gate)
        {
            change = null;
            isTelling = CanTell && waiting.TryDequeue(out change);
            if (change is not null)
                entered.Remove(change);
            return isTelling;
        }
    }
}
