using System.Collections.Concurrent;
using OnlyMcp.Server.AuthorizationServers;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>A store that remembers all that was ever written to it.</summary>
internal sealed class WatchedStore : IAuthorizationStore
{
    private readonly InMemoryAuthorizationStore store = new();

    public ConcurrentQueue<string> Written { get; } = new();

    public ValueTask<StoredEntry?> FindAsync(string kind, string key, CancellationToken cancellationToken = default) =>
        store.FindAsync(kind, key, cancellationToken);

    public ValueTask<bool> TryWriteAsync(StoredEntry entry, long? expectedVersion, CancellationToken cancellationToken = default)
    {
        Written.Enqueue($"{entry.Kind} {entry.Key} {entry.Value.GetRawText()}");
        return store.TryWriteAsync(entry, expectedVersion, cancellationToken);
    }

    public ValueTask RemoveAsync(string kind, string key, CancellationToken cancellationToken = default) =>
        store.RemoveAsync(kind, key, cancellationToken);
}
