using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>The public half of a key that signs tokens, as it is published for those who check them.</summary>
/// <remarks>
/// <para>RFC 7517: RSA keys of 2,048 to 8,192 bits and points on P-256, P-384 and P-521. A key that exists here has been checked.</para>
/// <para>A private half that stands in a document is not read, and is never written.</para>
/// </remarks>
public sealed class JsonWebKey
{
    /// <summary>The shortest RSA key, in bits; 2,048.</summary>
    public const int MinRsaBits = 2048;

    /// <summary>The longest RSA key, in bits; 8,192. Longer ones take too long to be of use to anybody but an attacker.</summary>
    public const int MaxRsaBits = 8192;

    // An exponent of many bytes is as slow as a private key.
    private const int MaxExponentBytes = 4;

    private readonly RSAParameters rsa;
    private readonly ECPoint point;
    private readonly EllipticCurve? curve;

    private JsonWebKey(RSAParameters rsa) => this.rsa = rsa;

    private JsonWebKey(EllipticCurve curve, ECPoint point) => (this.curve, this.point) = (curve, point);

    /// <summary><c>RSA</c> or <c>EC</c>.</summary>
    public string KeyType => curve is null ? "RSA" : "EC";

    /// <summary>The name by which tokens refer to it; null if it has none.</summary>
    public string? KeyId { get; init; }

    /// <summary>What it is for: <c>sig</c>; null if nobody says.</summary>
    public string? Use { get; init; }

    /// <summary>What may be done with it, such as <c>verify</c>; null if nobody says.</summary>
    public IReadOnlyList<string>? KeyOperations { get; init; }

    /// <summary>The one algorithm that it is for, such as <c>ES256</c>; null if any that fits.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The curve, such as <c>P-256</c>; null for RSA.</summary>
    public string? Curve => curve?.Name;

    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">It is no public key that is known here, or a weak one; the message says what is wrong.</exception>
    public static JsonWebKey Parse(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object)
            throw new FormatException("A key is a JSON object.");

        var read = key.Text("kty") switch
        {
            "RSA" => FromRsa(Trimmed(Bytes(key, "n")), Trimmed(Bytes(key, "e"))),
            "EC" => FromPoint(EllipticCurve.Find(key.Text("crv")), Bytes(key, "x"), Bytes(key, "y")),
            _ => throw new FormatException("'kty' is RSA or EC."),
        };
        return read.With(key.Text("kid", 1024), key.Text("use"), key.Texts("key_ops"), key.Text("alg"));
    }

    /// <summary>Whether signatures of this algorithm may be checked with it: its type, its curve, and what it says of itself.</summary>
    public bool CanVerify(string algorithm) => SignatureAlgorithm.Find(algorithm) is { } known && CanVerify(known);

    /// <summary>The key's name for everybody: a digest of what it is, the same wherever it is published (RFC 7638, SHA-256).</summary>
    public string Thumbprint()
    {
        // In this order, and without a space.
        var members = curve is null
            ? $$"""{"e":"{{Base64UrlText.Encode(rsa.Exponent)}}","kty":"RSA","n":"{{Base64UrlText.Encode(rsa.Modulus)}}"}"""
            : $$"""{"crv":"{{curve.Name}}","kty":"EC","x":"{{Base64UrlText.Encode(point.X)}}","y":"{{Base64UrlText.Encode(point.Y)}}"}""";
        return Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(members)));
    }

    /// <summary>The key as it is published.</summary>
    public JsonObject ToJson()
    {
        var key = Members();
        if (KeyId is not null)
            key["kid"] = KeyId;
        if (Use is not null)
            key["use"] = Use;
        if (KeyOperations is not null)
            key["key_ops"] = new JsonArray([.. KeyOperations.Select(operation => (JsonNode)operation)]);
        if (Algorithm is not null)
            key["alg"] = Algorithm;
        return key;
    }

    /// <summary>What makes the key, and nothing about it.</summary>
    internal JsonObject Members() => curve is null
        ? new() { ["kty"] = "RSA", ["n"] = Base64UrlText.Encode(rsa.Modulus), ["e"] = Base64UrlText.Encode(rsa.Exponent) }
        : new() { ["kty"] = "EC", ["crv"] = curve.Name, ["x"] = Base64UrlText.Encode(point.X), ["y"] = Base64UrlText.Encode(point.Y) };

    /// <exception cref="FormatException">It is weak, or on a curve that is not known here.</exception>
    internal static JsonWebKey From(AsymmetricAlgorithm key)
    {
        if (key is RSA rsa)
        {
            var parameters = rsa.ExportParameters(false);
            return FromRsa(Trimmed(parameters.Modulus!), Trimmed(parameters.Exponent!));
        }

        var ec = ((ECDsa)key).ExportParameters(false);
        return FromPoint(EllipticCurve.Find(ec.Curve), ec.Q.X!, ec.Q.Y!);
    }

    internal JsonWebKey With(string? keyId, string? use, IReadOnlyList<string>? operations, string? algorithm) => curve is null
        ? new(rsa) { KeyId = keyId, Use = use, KeyOperations = operations, Algorithm = algorithm }
        : new(curve, point) { KeyId = keyId, Use = use, KeyOperations = operations, Algorithm = algorithm };

    internal bool CanVerify(SignatureAlgorithm algorithm) =>
        algorithm.Curve == curve
        && Use is null or "sig"
        && KeyOperations?.Contains("verify") != false
        && (Algorithm is null || Algorithm == algorithm.Name);

    internal bool Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (!CanVerify(algorithm))
            return false;
        if (curve is null)
        {
            using var key = RSA.Create(rsa);
            return key.VerifyData(signed, signature, algorithm.Hash, algorithm.Padding!);
        }

        if (signature.Length != 2 * curve.CoordinateBytes)
            return false;
        using var ec = ECDsa.Create(new ECParameters { Curve = curve.Curve, Q = point });
        return ec.VerifyData(signed, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static JsonWebKey FromRsa(byte[] modulus, byte[] exponent)
    {
        var bits = modulus.Length == 0 ? 0 : (modulus.Length * 8) - byte.LeadingZeroCount(modulus[0]);
        if (bits is < MinRsaBits or > MaxRsaBits)
            throw new FormatException($"An RSA key has {MinRsaBits} to {MaxRsaBits} bits.");
        if (exponent is [] or [1] or { Length: > MaxExponentBytes } || (exponent[^1] & modulus[^1] & 1) == 0)
            throw new FormatException("The exponent of an RSA key is odd, greater than one and of up to 32 bits, and its modulus is odd.");

        return Imported(new(new RSAParameters { Modulus = modulus, Exponent = exponent }), key => RSA.Create(key.rsa));
    }

    private static JsonWebKey FromPoint(EllipticCurve? curve, byte[] x, byte[] y)
    {
        if (curve is null)
            throw new FormatException("'crv' is P-256, P-384 or P-521.");
        if (x.Length != curve.CoordinateBytes || y.Length != curve.CoordinateBytes)
            throw new FormatException($"'x' and 'y' on {curve.Name} have {curve.CoordinateBytes} bytes each.");

        return Imported(
            new(curve, new ECPoint { X = x, Y = y }),
            key => ECDsa.Create(new ECParameters { Curve = curve.Curve, Q = key.point }));
    }

    // A point that is not on its curve does not import.
    private static JsonWebKey Imported(JsonWebKey key, Func<JsonWebKey, AsymmetricAlgorithm> import)
    {
        try
        {
            import(key).Dispose();
            return key;
        }
        catch (CryptographicException)
        {
            throw new FormatException("The key's numbers make no key.");
        }
    }

    private static byte[] Bytes(JsonElement key, string name) =>
        key.Text(name) is { } text && Base64UrlText.Decode(text) is { } bytes
            ? bytes
            : throw new FormatException($"'{name}' is base64url.");

    private static byte[] Trimmed(byte[] number) => [.. number.AsSpan().TrimStart((byte)0)];
}
