using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.Authorization;

/// <summary>What one request's access token allows, and until when.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization §Step-Up Authorization Flow
/// Spec: 2026-07-28 basic/authorization §Runtime Insufficient Scope Errors
/// </remarks>
/// <param name="token">The token, without itself.</param>
/// <param name="scheme">How it was sent.</param>
/// <param name="at">What was asked for.</param>
/// <param name="options">What is demanded.</param>
/// <param name="time">The clock.</param>
internal sealed class Grant(AccessToken token, string scheme, ResourceAddress at, AuthorizationOptions options, TimeProvider time)
    : IDisposable
{
    /// <summary>No stream lasts longer, whatever its token says: timers do not go further.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(20);

    private readonly Lock gate = new();
    private CancellationTokenSource? ending;
    private CancellationTokenRegistration stop;
    private bool disposed;

    public AccessToken Token => token;

    /// <summary>Whether the token lacks what every request needs.</summary>
    public bool IsInsufficient => !Covers(options.Scopes);

    /// <summary>Whether lists show what the token does not allow.</summary>
    public bool ShowsEverything => options.ListsEverything;

    // MUST: a broader scope may stand for narrower ones.
    public bool Covers(IReadOnlyList<string> needed)
    {
        for (var i = 0; i < needed.Count; i++)
        {
            if (!token.Scopes.Contains(needed[i]) && !IsImplied(needed[i]))
                return false;
        }

        return true;
    }

    /// <summary>SHOULD: the challenge that names at once what the server and the operation need.</summary>
    public string ChallengeFor(IEnumerable<string> needed) => Challenges.Of(
        scheme, at, [.. options.Scopes.Union(needed)], OAuthErrorCode.InsufficientScope, "The access token does not allow this.");

    /// <summary>Is cancelled with what is given, and when the token expires.</summary>
    public CancellationToken Until(CancellationToken stopping)
    {
        if (token.ExpiresAt is not { } expiry)
            return stopping;

        lock (gate)
        {
            if (ending is null && !disposed)
            {
                var left = expiry - time.GetUtcNow() + options.ClockSkew;
                ending = new CancellationTokenSource(TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, Longest.Ticks)), time);
                stop = stopping.UnsafeRegister(static ending => _ = ((CancellationTokenSource)ending!).CancelAsync(), ending);
            }

            return ending?.Token ?? stopping;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            stop.Dispose();
            ending?.Dispose();
            ending = null;
        }
    }

    private bool IsImplied(string needed)
    {
        if (options.Implies is { } implies)
        {
            foreach (var granted in token.Scopes)
            {
                if (implies(granted, needed))
                    return true;
            }
        }

        return false;
    }
}
