using System.Security.Claims;
using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.Authorization;

/// <summary>Reads what a token says, once its issuer is known to have said it: in the token itself, or when asked about it.</summary>
/// <remarks>RFC 9068 §2.2 and RFC 7662 §2.2, and the names by which widespread servers call the same things.</remarks>
internal static class TokenClaims
{
    // About the token and not about its subject.
    private static readonly HashSet<string> AboutTheToken =
        ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "active", "token_type"];

    /// <exception cref="FormatException">A claim has another shape than it should.</exception>
    /// <exception cref="InvalidTokenException">The claims are those of no access token that anybody may use here.</exception>
    public static AccessToken Read(JsonElement claims, string issuer)
    {
        RefuseOtherKinds(claims);
        var client = claims.Text("client_id") ?? claims.Text("azp") ?? claims.Text("cid");
        return new()
        {
            Principal = PrincipalOf(claims, issuer, client),
            Issuer = issuer,
            Audiences = claims.Texts("aud", mayBeOne: true) ?? [],
            Scopes = ScopeSet.Parse(string.Join(' ', claims.Texts("scope", mayBeOne: true) ?? claims.Texts("scp", mayBeOne: true) ?? [])),
            ExpiresAt = claims.Time("exp"),
            ClientId = client,
            KeyThumbprint = KeyOf(claims),
        };
    }

    /// <summary>MUST: a token is good from its beginning to its end, give or take what clocks differ by.</summary>
    /// <exception cref="InvalidTokenException">It is not good now.</exception>
    public static void RefuseUntimely(JsonElement claims, DateTimeOffset now, TimeSpan skew)
    {
        if (claims.Time("exp") is { } end && end <= now - skew)
            throw new InvalidTokenException("The token has expired.");
        if (claims.Time("nbf") is { } start && start > now + skew)
            throw new InvalidTokenException("The token is not valid yet.");
        if (claims.Time("iat") is { } issued && issued > now + skew)
            throw new InvalidTokenException("The token was issued in the future: a clock is wrong.");
    }

    // A token that says who signed in is for the client, which may have shown it to anybody; one that gets new tokens is for the token
    // endpoint. Servers sign them all with the same keys (RFC 8725 §2.8).
    private static void RefuseOtherKinds(JsonElement claims)
    {
        // Some servers put the nonce into both kinds, but scopes into one alone.
        if (Has("at_hash") || Has("c_hash") || Has("s_hash") || (Has("nonce") && !Has("scope") && !Has("scp"))
            || Says("typ", "ID") || Says("token_use", "id"))
        {
            throw new InvalidTokenException("The token is an ID token: send the access token.");
        }

        if (Says("typ", "Refresh") || Says("typ", "Offline") || Says("token_type", "refresh_token"))
            throw new InvalidTokenException("The token is a refresh token: send the access token.");

        bool Has(string name) => claims.TryGetProperty(name, out _);
        bool Says(string name, string kind) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && string.Equals(value.GetString(), kind, StringComparison.OrdinalIgnoreCase);
    }

    private static ClaimsPrincipal PrincipalOf(JsonElement claims, string issuer, string? client)
    {
        // A client that acts for itself is its own subject (RFC 9068 §2.2).
        var subject = claims.Text("sub") ?? client;
        if (string.IsNullOrEmpty(subject))
            throw new InvalidTokenException("The token is on nobody's behalf: it has no 'sub' and no 'client_id'.");

        List<Claim> all = [new("sub", subject, ClaimValueTypes.String, issuer)];
        foreach (var member in claims.EnumerateObject().Where(member => !AboutTheToken.Contains(member.Name)))
            all.AddRange(ClaimsOf(member, issuer));
        return new ClaimsPrincipal(new ClaimsIdentity(all, "Bearer", "name", "roles"));
    }

    private static IEnumerable<Claim> ClaimsOf(JsonProperty member, string issuer) => member.Value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => member.Value.EnumerateArray().Select(item => ClaimOf(member.Name, item, issuer)),
        _ => [ClaimOf(member.Name, member.Value, issuer)],
    };

    private static Claim ClaimOf(string name, JsonElement value, string issuer) => value.ValueKind switch
    {
        JsonValueKind.String => new(name, value.GetString()!, ClaimValueTypes.String, issuer),
        JsonValueKind.True => new(name, "true", ClaimValueTypes.Boolean, issuer),
        JsonValueKind.False => new(name, "false", ClaimValueTypes.Boolean, issuer),
        JsonValueKind.Number => new(name, value.GetRawText(), ClaimValueTypes.Double, issuer),
        _ => new(name, value.GetRawText(), "JSON", issuer),
    };

    // MUST: a token that is bound to a key is good together with that key alone (RFC 7800, RFC 8705, RFC 9449).
    private static string? KeyOf(JsonElement claims)
    {
        if (!claims.TryGetProperty("cnf", out var confirmation))
            return null;
        if (confirmation.ValueKind == JsonValueKind.Object && confirmation.EnumerateObject().All(member => member.Name == "jkt")
            && confirmation.Text("jkt") is { Length: > 0 } thumbprint)
        {
            return thumbprint;
        }

        throw new InvalidTokenException("The token is bound to a certificate or a key in a way that cannot be checked here ('cnf').");
    }
}
