using System.Security.Claims;
using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Verifies the tokens of an authorization server in the same process: by its keys, and by its book of what is still granted.</summary>
/// <remarks>
/// RFC 9068 §4, RFC 8725.
/// Spec: 2026-07-28 basic/authorization §Token Handling
/// </remarks>
internal sealed class OwnTokenVerifier(AuthorizationServer server) : ITokenVerifier
{
    /// <inheritdoc/>
    public async ValueTask<AccessToken> VerifyAsync(string token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        var jwt = await ReadAsync(token, cancellationToken).ConfigureAwait(false);
        if (jwt.ExpiresAt is not { } ends || server.Time.GetUtcNow() >= ends)
            throw new InvalidTokenException("The token has expired.");
        if (GrantOf(jwt) is not { } id || await server.Tokens.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } grant)
            throw new InvalidTokenException("The token has been revoked.");

        // MUST: who signed in elsewhere is served as long as that holds.
        if (!grant.IsForItself && !await server.IsActiveAsync(grant.Subject, cancellationToken).ConfigureAwait(false))
            throw new InvalidTokenException("The person is not served any more.");

        return new AccessToken
        {
            Principal = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim("sub", grant.Subject, ClaimValueTypes.String, server.Issuer)], "Bearer", "sub", null)),
            Issuer = server.Issuer,
            Audiences = jwt.Audiences,
            Scopes = ScopeSet.Parse(jwt.Payload.TryGetProperty("scope", out var scope) ? scope.GetString() : null),
            ExpiresAt = ends,
            ClientId = grant.ClientId,
        };
    }

    /// <summary>A token that this server signed, whatever has become of it since.</summary>
    /// <exception cref="InvalidTokenException">It did not.</exception>
    public async ValueTask<JsonWebToken> ReadAsync(string token, CancellationToken cancellationToken)
    {
        JsonWebToken jwt;
        try
        {
            jwt = JsonWebToken.Parse(token);
        }
        catch (FormatException fault)
        {
            throw new InvalidTokenException(fault.Message, fault);
        }

        // MUST: an identity token, or an assertion, that the same key may have signed is no access token.
        var keys = await server.Keys.PublicAsync(cancellationToken).ConfigureAwait(false);
        return jwt.Type == "at+jwt" && jwt.Issuer == server.Issuer && keys.Keys.Any(key => key.KeyId == jwt.KeyId && jwt.IsSignedBy(key))
            ? jwt
            : throw new InvalidTokenException("The token is none of this authorization server's.");
    }

    /// <summary>The grant that a token belongs to.</summary>
    public static string? GrantOf(JsonWebToken jwt) =>
        jwt.Payload.TryGetProperty(TokenIssuer.GrantClaim, out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
}
