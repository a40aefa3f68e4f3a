using System.Collections.Concurrent;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// A key whose possession is proven with each request, so that its tokens are of no use to a thief; and the nonces that servers want in
/// the proofs.
/// </summary>
/// <remarks>RFC 9449.</remarks>
internal sealed class ProofKey(JwtSigner key, TimeProvider time)
{
    /// <summary>The one algorithm that we sign with; every server that takes proofs takes it.</summary>
    public const string Algorithm = "ES256";

    public const string Scheme = "DPoP";

    public const string Header = "DPoP";

    private const string NonceHeader = "DPoP-Nonce";
    private const int MaxNonceLength = 1000;

    private readonly ConcurrentDictionary<string, string> nonces = new();

    public static ProofKey New(TimeProvider time) => new(JwtSigner.NewEcdsa(), time);

    public static ProofKey Of(string pem, TimeProvider time) => new(JwtSigner.FromPem(pem), time);

    /// <summary>Whether both servers know proofs: the one that issues the token must, and the one that takes it must ask, or have asked.</summary>
    public static bool IsWanted(AuthorizationPlan plan, IReadOnlyList<AuthenticationChallenge> challenges, StoredTokens? before) =>
        plan.Server.DpopSigningAlgValuesSupported?.Contains(Algorithm) == true
        && (plan.Resource?.DpopBoundAccessTokensRequired == true
            || challenges.Any(challenge => challenge.Is(Scheme))
            || (challenges.Count == 0 && before?.ProofKey is not null));

    public string ToPem() => key.ExportPkcs8Pem();

    /// <summary>A proof for one request; never used twice.</summary>
    public string ProofFor(HttpMethod method, Uri uri, string? accessToken) =>
        DpopProof.Create(key, method.Method, uri, time.GetUtcNow(), nonces.GetValueOrDefault(WellKnown.Origin(uri)), accessToken);

    /// <summary>Remembers the nonce that a server wants from now on.</summary>
    public void Hear(Uri uri, System.Net.Http.Headers.HttpResponseHeaders headers)
    {
        if (headers.TryGetValues(NonceHeader, out var values) && values.First() is { Length: > 0 and <= MaxNonceLength } nonce)
            nonces[WellKnown.Origin(uri)] = nonce;
    }
}
