using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.Authorization;

/// <summary>
/// Verifies access tokens that are signed (JSON Web Tokens), with the keys that their authorization server publishes. The server itself is
/// asked for its keys alone, now and then.
/// </summary>
/// <remarks>
/// <para>RFC 9068 and RFC 8725. A token that was found to be genuine is remembered for up to five minutes, by its digest.</para>
/// Spec: 2026-07-28 basic/authorization §Token Handling
/// </remarks>
public sealed class JwtTokenVerifier : ITokenVerifier, IDisposable
{
    private static readonly TimeSpan MaxRemembered = TimeSpan.FromMinutes(5);

    private readonly JwtTokenVerifierOptions options;
    private readonly OutboundHttp http;
    private readonly Dictionary<string, SigningKeys> keysByIssuer;
    private readonly TokenCache<AccessToken> verified;

    /// <summary>Makes a verifier. Keys are fetched when the first token comes.</summary>
    /// <exception cref="ArgumentException">An option makes no sense; the message says which.</exception>
    public JwtTokenVerifier(JwtTokenVerifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        this.options = options;
        http = new OutboundHttp(options.Timeout, options.TimeProvider, options.HttpMessageHandler);
        verified = new TokenCache<AccessToken>(options.TimeProvider);
        keysByIssuer = options.Issuers.Distinct().ToDictionary(issuer => issuer, KeysOf, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public ValueTask<AccessToken> VerifyAsync(string token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length > JsonWebToken.MaxLength)
            throw new InvalidTokenException($"The token has more than {JsonWebToken.MaxLength} letters.");

        var digest = TokenDigest.Of(token);
        return verified.Find(digest) is { } known ? new(known) : VerifyNewAsync(token, digest, cancellationToken);
    }

    /// <summary>Ends requests for keys that are under way.</summary>
    public void Dispose()
    {
        foreach (var keys in keysByIssuer.Values)
            keys.Dispose();
        http.Dispose();
    }

    private async ValueTask<AccessToken> VerifyNewAsync(string text, TokenDigest digest, CancellationToken cancellationToken)
    {
        var generation = verified.Generation;
        try
        {
            var token = JsonWebToken.Parse(text);
            var keys = RefuseUnfit(token);
            await keys.CheckAsync(token, cancellationToken).ConfigureAwait(false);

            var access = TokenClaims.Read(token.Payload, token.Issuer!);
            var until = options.TimeProvider.GetUtcNow() + MaxRemembered;
            verified.Add(digest, text.Length, access, access.ExpiresAt < until ? access.ExpiresAt.Value : until, generation);
            return access;
        }
        catch (FormatException fault)
        {
            throw new InvalidTokenException(fault.Message, fault);
        }
    }

    /// <summary>Refuses what no signature could make good, before a key is looked for.</summary>
    /// <returns>The keys of which one should have signed it.</returns>
    private SigningKeys RefuseUnfit(JsonWebToken token)
    {
        // MUST: the token's own word chooses among the issuers and algorithms that are allowed, and adds none (RFC 8725 §3.1, §3.8).
        if (token.Algorithm is null || !options.Algorithms.Contains(token.Algorithm))
            throw new InvalidTokenException("The token is signed with an algorithm that is not allowed here ('alg').");
        if (token.Issuer is null || !keysByIssuer.TryGetValue(token.Issuer, out var keys))
            throw new InvalidTokenException("The token's issuer is not trusted here ('iss').");
        RefuseOtherTypes(token.Type);
        if (token.ExpiresAt is null)
            throw new InvalidTokenException("The token does not say when it expires ('exp').");
        TokenClaims.RefuseUntimely(token.Payload, options.TimeProvider.GetUtcNow(), options.ClockSkew);
        return keys;
    }

    private void RefuseOtherTypes(string? type)
    {
        const string Prefix = "application/";
        var name = type?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) == true ? type[Prefix.Length..] : type;
        var isAccessToken = string.Equals(name, "at+jwt", StringComparison.OrdinalIgnoreCase);
        var mayBe = name is null || string.Equals(name, "JWT", StringComparison.OrdinalIgnoreCase);
        if (!isAccessToken && (!mayBe || options.RequiresAccessTokenType))
            throw new InvalidTokenException("The token is not an access token ('typ' is not at+jwt).");
    }

    private SigningKeys KeysOf(string issuer)
    {
        var published = new PublishedKeys(issuer, options.JwksUri, http);
        return new(
            issuer,
            options.Keys is { } keys
                ? cancellationToken => keys(issuer, cancellationToken)
                : async cancellationToken => await published.FetchAsync(cancellationToken).ConfigureAwait(false),
            verified.Clear,
            options);
    }

    private static void Check(JwtTokenVerifierOptions options)
    {
        if (options.Issuers.Count == 0)
            throw new ArgumentException("Name the authorization servers whose tokens are believed (Issuers).", nameof(options));
        if (options.JwksUri is not null && options.Issuers.Count > 1)
            throw new ArgumentException("One JwksUri is for one issuer; without it, the metadata of each says where.", nameof(options));
        if (options.Algorithms.Count == 0 || options.Algorithms.Except(SignatureAlgorithm.Names).Any())
            throw new ArgumentException($"Algorithms are some of {string.Join(", ", SignatureAlgorithm.Names)}.", nameof(options));
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromMinutes(10))
            throw new ArgumentException("ClockSkew is between zero and ten minutes.", nameof(options));
        OutboundHttp.CheckTimeout(options.Timeout);
        TimeSpan[] lifetimes = [options.KeyLifetime, options.StaleKeyLifetime, options.KeyRefetchInterval];
        if (lifetimes.Any(time => time < TimeSpan.Zero || time > TimeSpan.FromDays(365)))
            throw new ArgumentException("What is said of keys is between zero and a year.", nameof(options));

        IEnumerable<string> fetched = options.Keys is not null ? [] : options.JwksUri is { } uri ? [uri.OriginalString] : options.Issuers;
        foreach (var address in fetched)
        {
            var wrong = Uri.TryCreate(address, UriKind.Absolute, out var absolute)
                ? FetchPolicy.WhatIsWrongWith(absolute, allowsLoopback: true)
                : "it is no absolute address";
            if (wrong is not null)
                throw new ArgumentException($"No keys can be fetched from '{address}': {wrong}.", nameof(options));
        }
    }
}
