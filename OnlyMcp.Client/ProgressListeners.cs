using System.Collections.Concurrent;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client;

/// <summary>Who hears of the progress of which request.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/progress §Progress Flow</remarks>
internal sealed class ProgressListeners
{
    private readonly ConcurrentDictionary<RequestId, RequestOptions> listeners = new();

    /// <summary>Has <paramref name="listener"/> hear of the request's progress until the result is disposed.</summary>
    public IDisposable? Add(RequestId id, RequestOptions? listener)
    {
        if (listener?.WantsProgress != true)
            return null;

        listeners[id] = listener;
        return new Entry(this, id);
    }

    public RequestOptions? Find(RequestId id) => listeners.GetValueOrDefault(id);

    private sealed class Entry(ProgressListeners owner, RequestId id) : IDisposable
    {
        public void Dispose() => owner.listeners.TryRemove(id, out _);
    }
}
