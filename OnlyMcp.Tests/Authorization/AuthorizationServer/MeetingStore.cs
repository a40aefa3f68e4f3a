using OnlyMcp.Server.AuthorizationServers;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>A store in which nobody changes an entry of one kind before so many have read it and want to.</summary>
internal sealed class MeetingStore(string kind, int guests) : IAuthorizationStore
{
    private readonly InMemoryAuthorizationStore store = new();
    private readonly TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int came;

    public ValueTask<StoredEntry?> FindAsync(string kind, string key, CancellationToken cancellationToken = default) =>
        store.FindAsync(kind, key, cancellationToken);

    public async ValueTask<bool> TryWriteAsync(StoredEntry entry, long? expectedVersion, CancellationToken cancellationToken = default)
    {
        if (entry.Kind == kind && expectedVersion is not null)
        {
            if (Interlocked.Increment(ref came) >= guests)
                met.TrySetResult();
            await met.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        }

        return await store.TryWriteAsync(entry, expectedVersion, cancellationToken);
    }

    public ValueTask RemoveAsync(string kind, string key, CancellationToken cancellationToken = default) =>
        store.RemoveAsync(kind, key, cancellationToken);
}
