using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Authorization;

/// <summary>Holds tokens that are bound to a key against the proofs that come with them: who has stolen such a token cannot use it.</summary>
/// <remarks>RFC 9449 §7.</remarks>
internal sealed class ProofsOfPossession(TimeProvider time)
{
    /// <summary>The algorithms that proofs may be signed with.</summary>
    public const string Algorithms = "ES256 ES384 ES512 PS256 PS384 PS512 RS256 RS384 RS512";

    /// <summary>What is wrong with the way in which a token was sent; null if nothing is.</summary>
    public string? WhatIsWrongWith(HttpExchange http, Credentials credentials, AccessToken token, ResourceAddress at)
    {
        _ = (http, at, time);
        return token.KeyThumbprint is null && credentials.Scheme == Credentials.Bearer ? null : "The access token is bound to a key.";
    }
}
