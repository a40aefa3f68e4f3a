using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>That an assertion holds now, and was not used before.</summary>
/// <remarks>RFC 7521 §5.2, RFC 7523 §3.</remarks>
/// <param name="server">Whose store remembers it.</param>
/// <param name="kind">Under which kind: strangers can fill the one that is theirs, and no other.</param>
/// <param name="longest">For how long one may be good.</param>
internal sealed class AssertionTimes(AuthorizationServer server, string kind, TimeSpan longest)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Uses an assertion up, of all that its issuer has made.</summary>
    /// <exception cref="FormatException">Its time is not now, it has no name, or it was used before.</exception>
    public async ValueTask UseOnceAsync(JsonWebToken token, string issuer, CancellationToken cancellationToken)
    {
        var now = server.Time.GetUtcNow();
        if (token.ExpiresAt is not { } expires || expires <= now - Skew)
            throw new FormatException("it has no exp, or its time is over.");
        if (expires > now + longest + Skew)
            throw new FormatException($"its exp lies too far ahead; it is good for at most {longest.TotalMinutes} minutes.");
        if (token.NotBefore > now + Skew || token.IssuedAt > now + Skew)
            throw new FormatException("its nbf or iat lies ahead: look at the clock of whoever made it.");
        if (token.JwtId is not { Length: > 0 } name)
            throw new FormatException("it has no jti.");

        // Of several servers on one store one is the first.
        var used = new StoredEntry
        {
            Kind = kind,
            Key = Secret.HashOf($"{issuer.Length}:{issuer}{name}"),
            Value = System.Text.Json.JsonElement.Parse("true"),
            Version = 1,
            ExpiresAt = expires + Skew,
        };
        if (!await server.Store.TryWriteAsync(used, null, cancellationToken).ConfigureAwait(false))
            throw new FormatException("it was used before, and is good for one use.");
    }
}
