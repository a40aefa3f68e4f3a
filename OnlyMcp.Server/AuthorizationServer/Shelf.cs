using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>The entries of one kind in a store, as what they hold.</summary>
internal sealed class Shelf<T>(IAuthorizationStore store, string kind, JsonTypeInfo<T> type)
    where T : class
{
    /// <summary>What is kept under a key; null if nothing is.</summary>
    public async ValueTask<Kept<T>?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var entry = await store.FindAsync(kind, key, cancellationToken).ConfigureAwait(false);
        return entry?.Value.Deserialize(type) is { } value ? new Kept<T>(value, entry.Version) : null;
    }

    /// <summary>Keeps something under a key, unless that has changed since <paramref name="before"/>, which is null if there was nothing.</summary>
    public ValueTask<bool> TryWriteAsync(string key, T value, Kept<T>? before, DateTimeOffset? expiresAt, CancellationToken cancellationToken) =>
        store.TryWriteAsync(
            new StoredEntry
            {
                Kind = kind,
                Key = key,
                Value = JsonSerializer.SerializeToElement(value, type),
                Version = (before?.Version ?? 0) + 1,
                ExpiresAt = expiresAt,
            },
            before?.Version,
            cancellationToken);

    /// <summary>Forgets what is kept under a key.</summary>
    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) => store.RemoveAsync(kind, key, cancellationToken);
}

/// <summary>What was found, and which version of it.</summary>
internal sealed record Kept<T>(T Value, long Version)
    where T : class;
