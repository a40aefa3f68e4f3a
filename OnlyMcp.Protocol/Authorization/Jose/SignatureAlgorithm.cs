using System.Security.Cryptography;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>How a token may be signed: with a private key, so that whoever checks a token cannot make one.</summary>
/// <remarks>RFC 7518 §3.1, without <c>none</c> and without those that sign with a shared secret.</remarks>
public sealed class SignatureAlgorithm
{
    private static readonly SignatureAlgorithm[] All =
    [
        Ecdsa("ES256", HashAlgorithmName.SHA256, EllipticCurve.P256),
        Ecdsa("ES384", HashAlgorithmName.SHA384, EllipticCurve.P384),
        Ecdsa("ES512", HashAlgorithmName.SHA512, EllipticCurve.P521),
        Rsa("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        Rsa("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        Rsa("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        Rsa("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        Rsa("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        Rsa("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
    ];

    private SignatureAlgorithm(string name, HashAlgorithmName hash, EllipticCurve? curve, RSASignaturePadding? padding) =>
        (Name, Hash, Curve, Padding) = (name, hash, curve, padding);

    /// <summary>The names of all that are known here, such as <c>ES256</c>, for a metadata document or an allow-list.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(algorithm => algorithm.Name)];

    internal string Name { get; }

    internal HashAlgorithmName Hash { get; }

    /// <summary>The one curve whose keys sign so; null if RSA keys do.</summary>
    internal EllipticCurve? Curve { get; }

    /// <summary>How RSA pads; null if it is not RSA.</summary>
    internal RSASignaturePadding? Padding { get; }

    internal static SignatureAlgorithm? Find(string? name) => Array.Find(All, algorithm => algorithm.Name == name);

    /// <summary>What a key signs with where nobody says; RS256 for RSA, which everybody reads.</summary>
    internal static string DefaultOf(JsonWebKey key) =>
        Array.Find(All, algorithm => algorithm.Curve is { } curve && curve.Name == key.Curve)?.Name ?? "RS256";

    private static SignatureAlgorithm Ecdsa(string name, HashAlgorithmName hash, EllipticCurve curve) =>
        new(name, hash, curve, null);

    private static SignatureAlgorithm Rsa(string name, HashAlgorithmName hash, RSASignaturePadding padding) =>
        new(name, hash, null, padding);
}
