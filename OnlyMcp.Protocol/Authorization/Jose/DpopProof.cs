using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>
/// What a client sends with a token to show that it holds the key that the token was issued for: whoever has stolen the token alone cannot
/// use it.
/// </summary>
/// <remarks>RFC 9449 (DPoP).</remarks>
public sealed class DpopProof
{
    /// <summary>The <c>typ</c> of a proof.</summary>
    public const string Type = "dpop+jwt";

    private const int MaxLength = 8192;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private DpopProof(JsonWebToken token, JsonWebKey key)
    {
        Key = key;
        KeyThumbprint = key.Thumbprint();
        JwtId = token.JwtId!;
        IssuedAt = token.IssuedAt!.Value;
        Nonce = token.Payload.Text("nonce");
    }

    /// <summary>The key that made the proof.</summary>
    public JsonWebKey Key { get; }

    /// <summary>The key's digest, which a token that is bound to it carries as <c>cnf.jkt</c>.</summary>
    public string KeyThumbprint { get; }

    /// <summary>The proof's own name. The same one a second time, within the time a proof is good for, is a replay: refuse it.</summary>
    public string JwtId { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>The nonce that the client was given before; null if it had none.</summary>
    public string? Nonce { get; }

    /// <summary>Makes a proof for one request.</summary>
    /// <param name="key">The client's key.</param>
    /// <param name="method">The verb of the request, such as <c>POST</c>.</param>
    /// <param name="uri">Where it goes; the query and the fragment are left out.</param>
    /// <param name="now">The time.</param>
    /// <param name="nonce">What the server sent last in <c>DPoP-Nonce</c>; null if nothing.</param>
    /// <param name="accessToken">The token that goes with it; null for a request to the token endpoint.</param>
    public static string Create(JwtSigner key, string method, Uri uri, DateTimeOffset now, string? nonce = null, string? accessToken = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(uri);

        JsonObject payload = new()
        {
            ["jti"] = Base64UrlText.Encode(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = method,
            ["htu"] = TargetOf(uri),
            ["iat"] = now.ToUnixTimeSeconds(),
        };
        if (nonce is not null)
            payload["nonce"] = nonce;
        if (accessToken is not null)
            payload["ath"] = DigestOf(accessToken);
        return key.Sign(payload, Type, null, new JsonObject { ["jwk"] = key.PublicKey.Members() });
    }

    /// <summary>
    /// Checks a proof against the request that it came with. What is left for the caller: that <see cref="JwtId"/> is new, that
    /// <see cref="Nonce"/> is the one asked for, and that <see cref="KeyThumbprint"/> is the one that the token names.
    /// </summary>
    /// <param name="proof">The value of the header <c>DPoP</c>, of which there is one.</param>
    /// <param name="method">The verb of the request.</param>
    /// <param name="uri">The address of the request as the client knows it; without regard to its query.</param>
    /// <param name="now">The time.</param>
    /// <param name="window">How far from now the proof may have been made, to either side.</param>
    /// <param name="accessToken">The token that came with it, which the proof must name; null at the token endpoint.</param>
    /// <exception cref="FormatException">It is no proof for this request; the message says why, and holds nothing of it.</exception>
    public static DpopProof Verify(
        string proof, string method, Uri uri, DateTimeOffset now, TimeSpan window, string? accessToken = null)
    {
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentNullException.ThrowIfNull(uri);

        if (proof.Length > MaxLength)
            throw new FormatException($"A proof has up to {MaxLength} letters.");
        var token = JsonWebToken.Parse(proof);
        if (!string.Equals(token.Type, Type, StringComparison.OrdinalIgnoreCase))
            throw new FormatException($"A proof is of type {Type}.");

        var key = KeyOf(token);
        if (!token.IsSignedBy(key))
            throw new FormatException("The proof's signature is not by the key in it.");
        if (string.IsNullOrEmpty(token.JwtId))
            throw new FormatException("A proof has a name of its own ('jti').");
        if (token.Payload.Text("htm") != method)
            throw new FormatException("The proof is for another method ('htm').");
        if (!Uri.TryCreate(token.Payload.Text("htu"), UriKind.Absolute, out var target) || TargetOf(target) != TargetOf(uri))
            throw new FormatException("The proof is for another address ('htu').");
        if (token.IssuedAt is not { } issued || (now - issued).Duration() > window)
            throw new FormatException("The proof is too old, or from the future ('iat').");
        if (accessToken is not null && !NamesToken(token, accessToken))
            throw new FormatException("The proof is not for this token ('ath').");
        return new(token, key);
    }

    private static JsonWebKey KeyOf(JsonWebToken proof)
    {
        if (!proof.Header.TryGetProperty("jwk", out var key) || key.ValueKind != JsonValueKind.Object)
            throw new FormatException("A proof holds the key that made it ('jwk').");
        if (PrivateMembers.Any(name => key.TryGetProperty(name, out _)))
            throw new FormatException("A proof holds a private key, which is known to everybody now.");
        return JsonWebKey.Parse(key);
    }

    // Case of the host, the default port and needless escapes make no difference; the query is left out.
    private static string TargetOf(Uri uri) => uri.GetLeftPart(UriPartial.Path);

    private static bool NamesToken(JsonWebToken proof, string accessToken) =>
        proof.Payload.Text("ath") is { } digest
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(digest), Encoding.UTF8.GetBytes(DigestOf(accessToken)));

    private static string DigestOf(string accessToken) => Base64UrlText.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(accessToken)));
}
