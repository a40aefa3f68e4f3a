namespace OnlyMcp.Client.Authorization;

/// <summary>Keeps tokens and registrations in this process, and no longer than it lasts.</summary>
/// <param name="maxEntries">How many tokens, and as many registrations, are kept; at least 1, and 1,000 by default. The oldest go first.</param>
public sealed class InMemoryTokenStore(int maxEntries = 1_000) : ITokenStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<TokenKey, (StoredTokens Tokens, long Order)> tokens = [];
    private readonly Dictionary<(string Issuer, string Profile), (ClientCredentials Client, long Order)> registrations = [];
    private readonly Dictionary<TokenKey, Turns> turns = [];
    private readonly int maxEntries = maxEntries >= 1 ? maxEntries : throw new ArgumentOutOfRangeException(nameof(maxEntries));
    private long saved;

    /// <summary>The one that all clients of this process share, if they are told nothing else.</summary>
    public static InMemoryTokenStore OfThisProcess { get; } = new();

    /// <inheritdoc/>
    public ValueTask<StoredTokens?> FindAsync(TokenKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (gate)
            return new(tokens.GetValueOrDefault(key).Tokens);
    }

    /// <inheritdoc/>
    public ValueTask<StoredTokens?> FindLatestAsync(string resource, string profile, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            var found = tokens.Values.Where(entry => entry.Tokens.Key.Resource == resource && entry.Tokens.Key.Profile == profile);
            return new(found.OrderBy(entry => entry.Order).LastOrDefault().Tokens);
        }
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(StoredTokens tokens, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        lock (gate)
        {
            this.tokens[tokens.Key] = (tokens, ++saved);
            Trim(this.tokens, entry => entry.Order);
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(TokenKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (gate)
            tokens.Remove(key);
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> LockAsync(TokenKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var turn = new Turn(this, key, Join(key));
        try
        {
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            return turn;
        }
        catch
        {
            Leave(key);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ClientCredentials?> FindRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default)
    {
        lock (gate)
            return new(registrations.GetValueOrDefault((issuer, profile)).Client);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">It does not say whose it is.</exception>
    public ValueTask SaveRegistrationAsync(string profile, ClientCredentials client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.Issuer is null)
            throw new ArgumentException("A registration names the authorization server that made it.", nameof(client));

        lock (gate)
        {
            registrations[(client.Issuer, profile)] = (client, ++saved);
            Trim(registrations, entry => entry.Order);
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask RemoveRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default)
    {
        lock (gate)
            registrations.Remove((issuer, profile));
        return default;
    }

    private void Trim<TKey, TEntry>(Dictionary<TKey, TEntry> entries, Func<TEntry, long> order)
        where TKey : notnull
    {
        while (entries.Count > maxEntries)
            entries.Remove(entries.MinBy(entry => order(entry.Value)).Key);
    }

    private SemaphoreSlim Join(TokenKey key)
    {
        lock (gate)
        {
            if (!turns.TryGetValue(key, out var waiting))
                turns[key] = waiting = new Turns();
            waiting.Count++;
            return waiting.Turn;
        }
    }

    /// <summary>The last to leave takes the turns away: as many are kept as somebody waits for.</summary>
    private void Leave(TokenKey key)
    {
        lock (gate)
        {
            if (--turns[key].Count == 0)
                turns.Remove(key);
        }
    }

    private sealed class Turns
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Count { get; set; }
    }

    private sealed class Turn(InMemoryTokenStore store, TokenKey key, SemaphoreSlim turn) : IAsyncDisposable
    {
        private int disposed;

        public Task WaitAsync(CancellationToken cancellationToken) => turn.WaitAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
            {
                turn.Release();
                store.Leave(key);
            }

            return default;
        }
    }
}
