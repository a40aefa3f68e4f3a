using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.Authorization;

/// <summary>
/// The keys of one authorization server as they are known here. They are fetched anew from time to time, and when a token comes that none
/// of them has signed; but however many such tokens come, not more often than once in an interval, and once for all who wait.
/// </summary>
/// <param name="issuer">The server's name, for the words of exceptions.</param>
/// <param name="fetch">Brings the keys.</param>
/// <param name="changed">Is called when there are other keys than before.</param>
/// <param name="options">How long keys are good for.</param>
internal sealed class SigningKeys(
    string issuer, Func<CancellationToken, ValueTask<JsonWebKeySet>> fetch, Action changed, JwtTokenVerifierOptions options) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopped = new();
    private JsonWebKeySet? known;
    private long knownSince;
    private long? triedAt;
    private Exception? fault;
    private Task? fetching;

    /// <summary>Finds the key that signed the token.</summary>
    /// <exception cref="InvalidTokenException">There is none.</exception>
    /// <exception cref="VerifierUnavailableException">The keys, or newer ones that may be needed, cannot be fetched.</exception>
    public async ValueTask CheckAsync(JsonWebToken token, CancellationToken cancellationToken)
    {
        var keys = await CurrentAsync(cancellationToken).ConfigureAwait(false);
        if (IsSigned(token, keys))
            return;

        // Keys are replaced now and then; the token may be the first one of a new key.
        var newer = await NewerAsync(keys, cancellationToken).ConfigureAwait(false);
        if (newer != keys && IsSigned(token, newer))
            return;

        if (!newer.Keys.Any(key => Suits(token, key)))
        {
            ThrowIfUnavailable();
            throw new InvalidTokenException("The token is signed with a key that its issuer does not publish.");
        }

        throw new InvalidTokenException("The token's signature is wrong.");
    }

    public void Dispose()
    {
        stopped.Cancel();
        stopped.Dispose();
    }

    private static bool IsSigned(JsonWebToken token, JsonWebKeySet keys) =>
        keys.Keys.Any(key => Suits(token, key) && token.IsSignedBy(key));

    // A key without a name may be any; a token that names none may be by any.
    private static bool Suits(JsonWebToken token, JsonWebKey key) =>
        (token.KeyId is null || key.KeyId is null || token.KeyId == key.KeyId) && key.CanVerify(token.Algorithm!);

    /// <summary>The keys that are known; old ones too while newer ones are on their way, or do not come.</summary>
    private async ValueTask<JsonWebKeySet> CurrentAsync(CancellationToken cancellationToken)
    {
        Task? wait;
        lock (gate)
        {
            var age = known is null ? TimeSpan.MaxValue : options.TimeProvider.GetElapsedTime(knownSince);
            if (age >= options.KeyLifetime)
                FetchUnlessJustTried();
            if (age < options.KeyLifetime + options.StaleKeyLifetime)
                return known!;
            wait = fetching;
        }

        if (wait is not null)
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            ThrowIfUnavailable();
            return known!;
        }
    }

    /// <summary>Keys that came later than these; the same if none did.</summary>
    private async ValueTask<JsonWebKeySet> NewerAsync(JsonWebKeySet than, CancellationToken cancellationToken)
    {
        Task? wait;
        lock (gate)
        {
            if (known != than)
                return known!;
            FetchUnlessJustTried();
            wait = fetching;
        }

        if (wait is not null)
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (gate)
            return known!;
    }

    private void FetchUnlessJustTried()
    {
        if (fetching is null && (triedAt is not { } last || options.TimeProvider.GetElapsedTime(last) >= options.KeyRefetchInterval))
            fetching = Task.Run(FetchAsync);
    }

    private void ThrowIfUnavailable()
    {
        lock (gate)
        {
            if (fault is not null)
                throw new VerifierUnavailableException($"The keys of {issuer} cannot be fetched. {fault.Message}", fault);
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            var keys = await fetch(stopped.Token).ConfigureAwait(false);
            Fetched(keys, null);
        }
        catch (Exception failed)
        {
            // Whoever brings the keys, and whatever befell them: each request is told so, and it is tried again later.
            options.Logger.LogWarning(failed, "The keys of {Issuer} cannot be fetched; those that are known, if any, stay in use.", issuer);
            Fetched(null, failed);
        }
    }

    private void Fetched(JsonWebKeySet? keys, Exception? failed)
    {
        bool isNew;
        lock (gate)
        {
            (fetching, triedAt, fault) = (null, options.TimeProvider.GetTimestamp(), failed);
            if (keys is null)
                return;
            isNew = known is not null && !Names(known).SetEquals(Names(keys));
            (known, knownSince) = (keys, triedAt.Value);
        }

        if (!isNew)
            return;
        options.Logger.LogInformation("{Issuer} has other keys than before.", issuer);
        changed();
    }

    private static HashSet<string> Names(JsonWebKeySet keys) => [.. keys.Keys.Select(key => key.ToJson().ToJsonString())];
}
