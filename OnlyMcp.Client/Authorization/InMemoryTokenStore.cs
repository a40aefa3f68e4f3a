using System.Collections.Concurrent;

namespace OnlyMcp.Client.Authorization;

/// <summary>Keeps tokens in memory, where they end with the process.</summary>
public sealed class InMemoryTokenStore : ITokenStore
{
    private readonly ConcurrentDictionary<TokenKey, StoredTokens> tokens = new();
    private readonly ConcurrentDictionary<(string Resource, string Profile), TokenKey> latest = new();
    private readonly ConcurrentDictionary<(string Issuer, string Profile), ClientCredentials> registrations = new();
    private readonly ConcurrentDictionary<TokenKey, SemaphoreSlim> locks = new();

    /// <summary>The one that all clients of this process share unless told otherwise.</summary>
    public static InMemoryTokenStore OfThisProcess { get; } = new();

    /// <inheritdoc/>
    public ValueTask<StoredTokens?> FindAsync(TokenKey key, CancellationToken cancellationToken = default) => new(tokens.GetValueOrDefault(key));

    /// <inheritdoc/>
    public ValueTask<StoredTokens?> FindLatestAsync(string resource, string profile, CancellationToken cancellationToken = default) =>
        new(latest.TryGetValue((resource, profile), out var key) ? tokens.GetValueOrDefault(key) : null);

    /// <inheritdoc/>
    public ValueTask SaveAsync(StoredTokens tokens, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        this.tokens[tokens.Key] = tokens;
        latest[(tokens.Key.Resource, tokens.Key.Profile)] = tokens.Key;
        return default;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(TokenKey key, CancellationToken cancellationToken = default)
    {
        tokens.TryRemove(key, out _);
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> LockAsync(TokenKey key, CancellationToken cancellationToken = default)
    {
        var turn = locks.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turn);
    }

    /// <inheritdoc/>
    public ValueTask<ClientCredentials?> FindRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default) =>
        new(registrations.GetValueOrDefault((issuer, profile)));

    /// <inheritdoc/>
    public ValueTask SaveRegistrationAsync(string profile, ClientCredentials client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        registrations[(client.Issuer ?? "", profile)] = client;
        return default;
    }

    /// <inheritdoc/>
    public ValueTask RemoveRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default)
    {
        registrations.TryRemove((issuer, profile), out _);
        return default;
    }

    private sealed class Turn(SemaphoreSlim turn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            turn.Release();
            return default;
        }
    }
}
