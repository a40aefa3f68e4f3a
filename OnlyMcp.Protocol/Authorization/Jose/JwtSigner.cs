using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>A private key that signs tokens. May be used by several threads at once.</summary>
/// <remarks>RFC 7515. Signatures with a shared secret are not made here, and tokens without a signature neither.</remarks>
public sealed class JwtSigner : IDisposable
{
    private readonly Lock gate = new();
    private readonly AsymmetricAlgorithm key;
    private readonly SignatureAlgorithm algorithm;

    private JwtSigner(AsymmetricAlgorithm key, SignatureAlgorithm algorithm, JsonWebKey publicKey)
    {
        (this.key, this.algorithm) = (key, algorithm);
        PublicKey = publicKey;
    }

    /// <summary>How it signs, such as <c>ES256</c>.</summary>
    public string Algorithm => algorithm.Name;

    /// <summary>The key's name, which tokens carry as <c>kid</c>; null if it has none, and then they carry none.</summary>
    public string? KeyId => PublicKey.KeyId;

    /// <summary>What others check its signatures with.</summary>
    public JsonWebKey PublicKey { get; }

    /// <summary>Reads a private key.</summary>
    /// <param name="pem">The key in PEM: <c>PRIVATE KEY</c>, <c>RSA PRIVATE KEY</c> or <c>EC PRIVATE KEY</c>, not encrypted.</param>
    /// <param name="algorithm">How it signs; null for ES256, ES384 or ES512 after its curve, or RS256.</param>
    /// <param name="keyId">The name by which those who check the tokens know it; null if they need none.</param>
    /// <exception cref="ArgumentException">There is no such key in it, it is weak, or the algorithm does not fit it.</exception>
    public static JwtSigner FromPem(string pem, string? algorithm = null, string? keyId = null)
    {
        ArgumentNullException.ThrowIfNull(pem);
        return From(Read(pem), algorithm, keyId);
    }

    /// <summary>Makes a new key, which signs with ES256.</summary>
    /// <param name="keyId">Its name; by default the digest that <see cref="JsonWebKey.Thumbprint"/> gives.</param>
    public static JwtSigner NewEcdsa(string? keyId = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return From(key, "ES256", keyId ?? JsonWebKey.From(key).Thumbprint());
    }

    /// <summary>The private key, in PEM, as <see cref="FromPem"/> reads it. A secret.</summary>
    public string ExportPkcs8Pem()
    {
        lock (gate)
            return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Makes a token.</summary>
    /// <param name="payload">What it claims. Dates are seconds since 1970.</param>
    /// <param name="type">What kind of token it is, its <c>typ</c>, such as <c>at+jwt</c>.</param>
    /// <param name="extraHeader">What else its header says; not <c>alg</c>, <c>typ</c>, <c>kid</c>, <c>crit</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="extraHeader"/> names what the signer decides, or the token is longer than
    /// <see cref="JsonWebToken.MaxLength"/>.</exception>
    public string Sign(JsonObject payload, string type, JsonObject? extraHeader = null)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentException.ThrowIfNullOrEmpty(type);
        return Sign(payload, type, KeyId, extraHeader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
            key.Dispose();
    }

    /// <summary>The name of the key and nothing else: a secret has no place in a log.</summary>
    public override string ToString() => KeyId ?? Algorithm;

    internal string Sign(JsonObject payload, string type, string? keyId, JsonObject? extraHeader)
    {
        JsonObject header = new() { ["alg"] = Algorithm, ["typ"] = type };
        if (keyId is not null)
            header["kid"] = keyId;
        foreach (var (name, value) in extraHeader ?? [])
        {
            if (name is "alg" or "typ" or "kid" or "crit")
                throw new ArgumentException($"'{name}' is not for an extra header.", nameof(extraHeader));
            header[name] = value?.DeepClone();
        }

        var signed = $"{Encoded(header)}.{Encoded(payload)}";
        var token = $"{signed}.{Base64UrlText.Encode(SignatureOf(Encoding.ASCII.GetBytes(signed)))}";
        return token.Length <= JsonWebToken.MaxLength
            ? token
            : throw new ArgumentException(
                $"The token has more than {JsonWebToken.MaxLength} letters; nobody would read it.", nameof(payload));
    }

    private static JwtSigner From(AsymmetricAlgorithm key, string? name, string? keyId)
    {
        try
        {
            var publicKey = JsonWebKey.From(key);
            var algorithm = SignatureAlgorithm.Find(name ?? SignatureAlgorithm.DefaultOf(publicKey));
            if (algorithm is null || !publicKey.CanVerify(algorithm))
                throw new FormatException($"A key of type {publicKey.KeyType} {publicKey.Curve} cannot sign with {name}.");

            JwtSigner signer = new(key, algorithm, publicKey.With(keyId, "sig", null, algorithm.Name));
            signer.SignatureOf([]);
            return signer;
        }
        catch (FormatException fault)
        {
            key.Dispose();
            throw new ArgumentException(fault.Message, fault);
        }
        catch (CryptographicException)
        {
            key.Dispose();
            throw new ArgumentException("It is a public key, and only a private one signs.");
        }
    }

    private static AsymmetricAlgorithm Read(string pem)
    {
        foreach (var empty in new Func<AsymmetricAlgorithm>[] { ECDsa.Create, RSA.Create })
        {
            var key = empty();
            try
            {
                key.ImportFromPem(pem);
                return key;
            }
            catch (Exception fault) when (fault is CryptographicException or ArgumentException)
            {
                // Of the other type, or no key at all: said below, without a piece of it.
                key.Dispose();
            }
        }

        throw new ArgumentException(
            "There is no private key in this PEM, or it is encrypted, or of a type other than RSA and EC.", nameof(pem));
    }

    private byte[] SignatureOf(byte[] signed)
    {
        lock (gate)
        {
            return key is RSA rsa
                ? rsa.SignData(signed, algorithm.Hash, algorithm.Padding!)
                : ((ECDsa)key).SignData(signed, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    private static string Encoded(JsonObject part)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
            part.WriteTo(writer);
        return Base64UrlText.Encode(bytes.WrittenSpan);
    }
}
