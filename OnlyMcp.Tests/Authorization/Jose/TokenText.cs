using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Tests.Authorization.Jose;

/// <summary>Tokens and keys that no signer of ours would make.</summary>
internal static class TokenText
{
    private static readonly Lazy<string> RsaPem = new(() => Rsa(2048));

    /// <summary>A signer for each algorithm that there is.</summary>
    public static JwtSigner Signer(string algorithm) => JwtSigner.FromPem(PemFor(algorithm), algorithm, algorithm);

    /// <summary>A private key that may sign so; for RSA always the same, since making one takes long.</summary>
    public static string PemFor(string algorithm) => algorithm switch
    {
        "ES256" => Ec(ECCurve.NamedCurves.nistP256),
        "ES384" => Ec(ECCurve.NamedCurves.nistP384),
        "ES512" => Ec(ECCurve.NamedCurves.nistP521),
        _ => RsaPem.Value,
    };

    public static string Rsa(int bits)
    {
        using var key = RSA.Create(bits);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public static string Ec(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public static string Encoded(string text) => Encoded(Encoding.UTF8.GetBytes(text));

    public static string Encoded(byte[] bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>A token with this header and payload, whose signature is four zeros.</summary>
    public static string Unsigned(string header = """{"alg":"ES256"}""", string payload = "{}") => $"{Encoded(header)}.{Encoded(payload)}.AAAA";

    /// <summary>The key with some members changed, added or, where null, left out.</summary>
    public static JsonWebKey With(this JsonWebKey key, params (string Name, JsonNode? Value)[] changes)
    {
        var json = key.ToJson();
        foreach (var (name, value) in changes)
        {
            if (value is null)
                json.Remove(name);
            else
                json[name] = value;
        }

        return JsonWebKey.Parse(JsonElement.Parse(json.ToJsonString()));
    }
}
