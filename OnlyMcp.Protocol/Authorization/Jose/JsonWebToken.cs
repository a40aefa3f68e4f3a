using System.Text;
using System.Text.Json;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>
/// A signed text in which somebody claims something: who issued it, about whom, for whom, until when. Reading it proves nothing; ask
/// <see cref="IsSignedBy"/> with a key that you trust before you believe a word.
/// </summary>
/// <remarks>
/// <para>RFC 7519 in the compact form of RFC 7515. What an attacker could use to be understood in two ways is refused: letters outside
/// base64url, names that stand twice, extensions marked as critical, no signature. Where the token says its key is (<c>jwk</c>, <c>jku</c>,
/// <c>x5u</c>, <c>x5c</c>) is nobody's business here (RFC 8725).</para>
/// </remarks>
public sealed class JsonWebToken
{
    /// <summary>The longest token, in letters; 16,384.</summary>
    public const int MaxLength = 16 * 1024;

    private readonly byte[] signed;
    private readonly byte[] signature;

    private JsonWebToken(JsonElement header, JsonElement payload, byte[] signed, byte[] signature)
    {
        (Header, Payload, this.signed, this.signature) = (header, payload, signed, signature);
        Algorithm = header.Text("alg");
        KeyId = header.Text("kid", 1024);
        Type = header.Text("typ");
        Issuer = payload.Text("iss");
        Subject = payload.Text("sub");
        JwtId = payload.Text("jti");
        Audiences = payload.Texts("aud", mayBeOne: true) ?? [];
        ExpiresAt = payload.Time("exp");
        NotBefore = payload.Time("nbf");
        IssuedAt = payload.Time("iat");
    }

    /// <summary>What is said of the token: its algorithm, its key, its type.</summary>
    public JsonElement Header { get; }

    /// <summary>What the token claims.</summary>
    public JsonElement Payload { get; }

    /// <summary>How it says it is signed (<c>alg</c>); null if it does not.</summary>
    public string? Algorithm { get; }

    /// <summary>The name of the key that signed it (<c>kid</c>); null if it does not say.</summary>
    public string? KeyId { get; }

    /// <summary>What kind of token it is (<c>typ</c>), such as <c>at+jwt</c>; null if it does not say.</summary>
    public string? Type { get; }

    /// <summary>Who claims it (<c>iss</c>); null if nobody.</summary>
    public string? Issuer { get; }

    /// <summary>Of whom (<c>sub</c>); null if of nobody.</summary>
    public string? Subject { get; }

    /// <summary>The token's own name (<c>jti</c>); null if it has none.</summary>
    public string? JwtId { get; }

    /// <summary>For whom (<c>aud</c>); empty if it does not say.</summary>
    public IReadOnlyList<string> Audiences { get; }

    /// <summary>When it ends (<c>exp</c>); null if it does not say.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>When it begins (<c>nbf</c>); null if it does not say.</summary>
    public DateTimeOffset? NotBefore { get; }

    /// <summary>When it was made (<c>iat</c>); null if it does not say.</summary>
    public DateTimeOffset? IssuedAt { get; }

    /// <summary>Reads a token, without a look at its signature.</summary>
    /// <exception cref="FormatException">It is none, or one that nobody should read; the message says why, without a word of
    /// it.</exception>
    public static JsonWebToken Parse(string compact)
    {
        ArgumentNullException.ThrowIfNull(compact);
        if (compact.Length > MaxLength)
            throw new FormatException($"A token has up to {MaxLength} letters.");

        var parts = compact.Split('.', 6);
        if (parts.Length == 5)
            throw new FormatException("The token is encrypted; only signed ones are read.");
        if (parts.Length != 3)
            throw new FormatException("A signed token has three parts with a dot between them.");

        var header = StrictJson.ParseObject(Decoded(parts[0]), "The token's header");
        if (header.TryGetProperty("crit", out _))
            throw new FormatException("The token demands an extension ('crit'), and none is known here.");
        var payload = StrictJson.ParseObject(Decoded(parts[1]), "The token's payload");
        if (parts[2].Length == 0)
            throw new FormatException("The token is not signed.");
        return new(header, payload, Encoding.ASCII.GetBytes(compact, 0, compact.LastIndexOf('.')), Decoded(parts[2]));
    }

    /// <summary>
    /// Whether this key signed it, in the way that it says. The key decides what ways there are: one for another algorithm, or for
    /// something else than signatures, never fits.
    /// </summary>
    public bool IsSignedBy(JsonWebKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SignatureAlgorithm.Find(Algorithm) is { } algorithm && key.Verify(algorithm, signed, signature);
    }

    /// <summary>Nothing of the token: it has no place in a log.</summary>
    public override string ToString() => "a token";

    private static byte[] Decoded(string part) =>
        Base64UrlText.Decode(part)
        ?? throw new FormatException("A part of the token is not base64url, which has no padding and no spaces.");
}
