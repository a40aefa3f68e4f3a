namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>The requests that we sent and wait for, in one conversation.</summary>
/// <remarks>Never one table with <see cref="InFlightRequests"/>: the same id stands in both.</remarks>
/// <param name="time">Measures the time-outs.</param>
public sealed class PendingRequests(TimeProvider time)
{
    private PendingTable? table; // Made with the first: who never asks needs none.
    private long lastId;

    /// <summary>How many answers are awaited.</summary>
    public int Count => table?.Requests.Count ?? 0;

    private PendingTable Table => table ?? Interlocked.CompareExchange(ref table, new PendingTable(time), null) ?? table;

    private ICollection<PendingRequest> All => table?.Requests.Values ?? [];

    /// <summary>The next id: 1, 2, 3 and so on. MUST: an id is never used twice in a conversation.</summary>
    public RequestId NextId() => Interlocked.Increment(ref lastId);

    /// <summary>Enters a request, before it is sent, until the returned entry is disposed.</summary>
    public PendingRequest Add(JsonRpcRequest request, RequestTimeouts timeouts, NotificationChain notifications)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(timeouts);
        ArgumentNullException.ThrowIfNull(notifications);
        var entry = new PendingRequest(Table, request, timeouts, notifications);
        if (!Table.Requests.TryAdd(request.Id, entry))
            throw new InvalidOperationException($"A request with the id {request.Id} is already pending.");

        Table.Watch(entry);
        return entry;
    }

    /// <summary>Whether <see cref="NextId"/> has given out this id: an answer to it that nobody waits for came late, and is no fault.</summary>
    public bool WasIssued(RequestId id) => id.Number is > 0 and var number && number <= Interlocked.Read(ref lastId);

    /// <summary>The pending request with this id, else null.</summary>
    public PendingRequest? Find(RequestId id) => table?.Requests.GetValueOrDefault(id);

    /// <summary>Hands a response to whoever waits for it; false if nobody does: it came too late, twice, or was never asked for.</summary>
    /// <param name="response">The response.</param>
    /// <param name="inline">Whether the one who waits may go on where this is called, which then takes as long as they like.</param>
    public bool Complete(JsonRpcMessage response, bool inline = false)
    {
        switch (response)
        {
            case JsonRpcResultResponse result when Find(result.Id) is { } entry:
                entry.Complete(result, inline);
                return true;
            case JsonRpcErrorResponse { Id: { } id } error when Find(id) is { } entry:
                entry.Fail(new JsonRpcException(error.Error) { ReceivedHttpStatus = error.HttpStatus, ReceivedRetryAfter = error.RetryAfter });
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Has every request that is pending now complete after <paramref name="handled"/>, a notification on the conversation's own
    /// chain that came before their responses and names none of them.
    /// </summary>
    public void CompleteAfter(Task handled)
    {
        foreach (var entry in All)
            entry.CompleteAfter(handled);
    }

    /// <summary>
    /// Stops the time-outs of all that is pending now, until the result is disposed: the other side waits for us, and may not be able
    /// to answer before we do. <see cref="RequestTimeouts.Total"/> counts on.
    /// </summary>
    public IDisposable Hold()
    {
        PendingRequest[] held = [.. All];
        foreach (var entry in held)
            entry.Hold();
        return new Held(held);
    }

    /// <summary>Fails all of them: the line is gone.</summary>
    public void FailAll(Exception reason)
    {
        foreach (var entry in All)
            entry.Fail(reason);
    }

    private sealed class Held(PendingRequest[] entries) : IDisposable
    {
        public void Dispose()
        {
            foreach (var entry in entries)
                entry.Release();
        }
    }
}
