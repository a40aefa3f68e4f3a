using System.Security.Cryptography;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>A curve whose keys sign tokens (RFC 7518, section 6.2.1.1).</summary>
internal sealed class EllipticCurve
{
    public static readonly EllipticCurve P256 = new("P-256", ECCurve.NamedCurves.nistP256, 32);
    public static readonly EllipticCurve P384 = new("P-384", ECCurve.NamedCurves.nistP384, 48);
    public static readonly EllipticCurve P521 = new("P-521", ECCurve.NamedCurves.nistP521, 66);

    private static readonly EllipticCurve[] All = [P256, P384, P521];

    private EllipticCurve(string name, ECCurve curve, int coordinateBytes) =>
        (Name, Curve, CoordinateBytes) = (name, curve, coordinateBytes);

    public string Name { get; }

    public ECCurve Curve { get; }

    /// <summary>The length of x and of y; a signature has twice as many bytes.</summary>
    public int CoordinateBytes { get; }

    public static EllipticCurve? Find(string? name) => Array.Find(All, curve => curve.Name == name);

    /// <summary>By its identifier, or by its name where a platform knows that alone; never by its size, which secp256k1 shares.</summary>
    public static EllipticCurve? Find(ECCurve curve) => curve.IsNamed
        ? Array.Find(All, known => curve.Oid.Value is { } value
            ? known.Curve.Oid.Value == value
            : string.Equals(known.Curve.Oid.FriendlyName, curve.Oid.FriendlyName, StringComparison.OrdinalIgnoreCase))
        : null;
}
