namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>The requests of the other side that we are answering, in one conversation.</summary>
/// <remarks>
/// Never one table with <see cref="PendingRequests"/>: both sides count their ids on their own, and the same id stands in both.
/// Spec: 2026-07-28 basic/patterns/cancellation §Cancellation Flow
/// </remarks>
public sealed class InFlightRequests
{
    private readonly Lock gate = new();
    private Dictionary<RequestId, InFlightRequest>? table; // Made with the first: ten thousand idle sessions need none.
    private int count; // With those whose ids have been given free.

    /// <summary>How many requests are being answered.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Enters a request until the returned entry is disposed.</summary>
    /// <exception cref="JsonRpcException">A request with the same id is in flight (-32600).</exception>
    public InFlightRequest Add(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var entry = new InFlightRequest(this, request, cancellationToken);

        lock (gate)
        {
            // MUST: an id is not used by two requests that are in flight in the same conversation.
            table ??= [];
            if (table.TryAdd(request.Id, entry))
            {
                count++;
                return entry;
            }
        }

        entry.Discard();
        throw new JsonRpcException(
            ErrorCode.InvalidRequest, $"A request with the id {request.Id} is still being answered; use another id.");
    }

    /// <summary>The request with this id while it is being answered, else null.</summary>
    public InFlightRequest? Find(RequestId id)
    {
        lock (gate)
            return table?.GetValueOrDefault(id);
    }

    /// <summary>Cancels the request with this id; false if nothing of that id is in flight, which may be a race and is no error.</summary>
    public bool Cancel(RequestId id)
    {
        if (Find(id) is not { } entry)
            return false;

        entry.Cancel();
        return true;
    }

    /// <summary>Cancels all of them: the conversation is over.</summary>
    public void CancelAll()
    {
        foreach (var entry in All())
            entry.Cancel();
    }

    /// <summary>
    /// Cancels all of them, and gives their ids free: the other side has forgotten them, and begins to count anew. Each counts until it is
    /// disposed.
    /// </summary>
    public void StartOver()
    {
        foreach (var entry in All())
        {
            entry.Cancel();
            lock (gate)
                GiveFree(entry);
        }
    }

    internal void Remove(InFlightRequest entry)
    {
        lock (gate)
        {
            GiveFree(entry);
            count--;
        }
    }

    private InFlightRequest[] All()
    {
        lock (gate)
            return [.. table?.Values ?? Enumerable.Empty<InFlightRequest>()];
    }

    private void GiveFree(InFlightRequest entry)
    {
        if (!entry.IsFree)
            table!.Remove(entry.Request.Id);
        entry.IsFree = true;
    }
}

/// <summary>One request that is being answered.</summary>
public sealed class InFlightRequest : IDisposable
{
    private readonly InFlightRequests table;
    private readonly CancellationTokenSource cancellation;
    private volatile bool cancelled;
    private int removed;

    internal InFlightRequest(InFlightRequests table, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        this.table = table;
        Request = request;
        cancellation = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken)
            : new CancellationTokenSource();
    }

    /// <summary>The request.</summary>
    public JsonRpcRequest Request { get; }

    /// <summary>Is cancelled when the other side no longer wants the answer.</summary>
    public CancellationToken CancellationToken => cancellation.Token;

    /// <summary>Whether its id may be that of another request by now. Its table's lock guards it.</summary>
    internal bool IsFree { get; set; }

    /// <summary>Whether the other side asked to cancel it; then nothing more is sent for it.</summary>
    public bool IsCancelled => cancelled;

    /// <summary>Takes the request out of the table.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref removed, 1) == 0)
            table.Remove(this);
        Discard();
    }

    internal void Discard() => cancellation.Dispose();

    internal void Cancel()
    {
        cancelled = true;
        try
        {
            // Whoever waits for this runs elsewhere: a handler that blocks while it cleans up must not stall the one who reads.
            _ = ObserveAsync(cancellation.CancelAsync());
        }
        catch (ObjectDisposedException)
        {
            // The answer went out between the look-up and the cancellation: there is nothing left to cancel.
        }
    }

    private static async Task ObserveAsync(Task callbacks) =>
        await callbacks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // A registration that throws is its owner's fault.
}
