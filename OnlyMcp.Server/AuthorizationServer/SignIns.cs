using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.RateLimits;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Who is signed in at which browser, and how often somebody may try to be.</summary>
internal sealed class SignIns(AuthorizationServer server)
{
    private const int MostLetters = 256;
    private const int AttemptsOfAddress = 5;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private readonly Shelf<KeptSignIn> kept = new(server.Store, "sign-in", KeptJson.Default.KeptSignIn);
    private readonly TokenBucketLimiter byName = new(server.Options.SignInAttempts, Period);
    private readonly TokenBucketLimiter byAddress = new(server.Options.SignInAttempts * AttemptsOfAddress, Period);

    /// <summary>The person whom the application knows at a browser; null if it knows nobody there.</summary>
    public ValueTask<SignedInUser?> FindApplicationsAsync(HttpExchange http, CancellationToken cancellationToken) =>
        server.Options.CurrentUserAsync?.Invoke(http, cancellationToken) ?? default;

    /// <summary>The person who signed in here at a browser; null if nobody is signed in there.</summary>
    public async ValueTask<SignedInUser?> FindAsync(string? cookie, CancellationToken cancellationToken)
    {
        var found = cookie is null ? null : await kept.FindAsync(Secret.HashOf(cookie), cancellationToken).ConfigureAwait(false);
        return found is not null && await server.IsActiveAsync(found.Value.Subject, cancellationToken).ConfigureAwait(false)
            ? new SignedInUser(found.Value.Subject, found.Value.Name) { Scopes = found.Value.Scopes }
            : null;
    }

    /// <summary>The person with this name and password; null if there is none.</summary>
    /// <exception cref="OAuthException">There were too many attempts (429).</exception>
    public async ValueTask<SignedInUser?> CheckAsync(HttpExchange http, string? name, string? password, CancellationToken cancellationToken)
    {
        var fits = name is { Length: <= MostLetters } && password is { Length: <= MostLetters };
        if (!fits || server.Options.SignInAsync is not { } signIn)
            return null;

        // The address first: what is refused for that does not use up what others may try under the name.
        if (server.Options.ClientAddress(http) is { } address)
            Limit(byAddress, Network.Of(address));
        Limit(byName, name!.Trim().ToUpperInvariant());
        return await signIn(name, password!, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Remembers who has signed in at a browser.</summary>
    public async ValueTask BeginAsync(string cookie, SignedInUser user, CancellationToken cancellationToken)
    {
        var signIn = new KeptSignIn(user.Subject, user.Name, user.Scopes is null ? null : [.. user.Scopes]);
        await kept.TryWriteAsync(Secret.HashOf(cookie), signIn, null, server.Time.GetUtcNow() + server.Options.SignInLifetime, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Forgets who was signed in at a browser.</summary>
    public ValueTask EndAsync(string? cookie) => cookie is null ? default : kept.RemoveAsync(Secret.HashOf(cookie), CancellationToken.None);

    private void Limit(TokenBucketLimiter limiter, object who)
    {
        var wait = limiter.Take(who, server.Time);
        if (wait > TimeSpan.Zero)
        {
            throw new OAuthException(OAuthErrorCode.TemporarilyUnavailable, "There were too many attempts to sign in. Wait a few minutes.", 429)
            {
                RetryAfter = wait,
            };
        }
    }
}
