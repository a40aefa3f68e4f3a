using System.Security.Cryptography;
using System.Text;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Authorization;

/// <summary>Holds tokens that are bound to a key against the proofs that come with them: a thief of such a token cannot use it.</summary>
/// <remarks>RFC 9449 §4.3 and §7.</remarks>
/// <param name="time">The clock.</param>
/// <param name="skew">How far the client's may be from it.</param>
internal sealed class ProofsOfPossession(TimeProvider time, TimeSpan skew)
{
    /// <summary>The algorithms that proofs may be signed with.</summary>
    public const string Algorithms = "ES256 ES384 ES512 PS256 PS384 PS512 RS256 RS384 RS512";

    /// <summary>How many proofs are remembered, each for as long as it could be sent again.</summary>
    private const int MostRemembered = 100_000;

    private readonly TimeSpan window = TimeSpan.FromMinutes(1) + skew;
    private readonly Lock gate = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, DateTimeOffset Until)> byAge = new();

    /// <summary>What is wrong with the way in which a token was sent; null if nothing is.</summary>
    /// <exception cref="RefusedRequestException">So many proofs have come that no more can be remembered (503).</exception>
    public string? WhatIsWrongWith(HttpExchange http, Credentials credentials, AccessToken token, ResourceAddress at)
    {
        var isProven = credentials.Scheme == Credentials.Dpop;
        if (token.KeyThumbprint is not { } thumbprint)
            return isProven ? "The access token is bound to no key: send it as Bearer." : null;

        // MUST: a token that is bound to a key is worth nothing without a proof.
        if (!isProven)
            return "The access token is bound to a key: send it as DPoP, with a proof.";
        if (http.Header("DPoP") is not { } proof)
            return "The header DPoP is missing, which holds the proof.";

        try
        {
            var now = time.GetUtcNow();
            var proven = DpopProof.Verify(proof, http.Method, at.UriOf(http.Path), now, window, credentials.Token);
            if (proven.KeyThumbprint != thumbprint)
                return "The proof is made with another key than the one that the access token is bound to.";
            return IsNew(proven, now) ? null : "The proof has been used before.";
        }
        catch (FormatException fault)
        {
            return fault.Message;
        }
    }

    private bool IsNew(DpopProof proof, DateTimeOffset now)
    {
        var name = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{proof.KeyThumbprint} {proof.JwtId}")));
        lock (gate)
        {
            while (byAge.TryPeek(out var oldest) && oldest.Until <= now)
                seen.Remove(byAge.Dequeue().Name);

            if (!seen.Contains(name) && seen.Count >= MostRemembered)
                throw new RefusedRequestException(503, ErrorCode.InternalError, "Too many proofs have come in a short time; try again later.");
            if (!seen.Add(name))
                return false;

            byAge.Enqueue((name, now + (2 * window)));
            return true;
        }
    }
}
