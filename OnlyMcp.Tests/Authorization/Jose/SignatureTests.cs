using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Tests.Authorization.Jose;

public sealed class SignatureTests
{
    private static readonly string[] Algorithms = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

    [TestCaseSource(nameof(Algorithms))]
    public void What_a_key_has_signed_its_public_half_confirms_and_no_other(string algorithm)
    {
        using var signer = TokenText.Signer(algorithm);
        var token = JsonWebToken.Parse(signer.Sign(new JsonObject { ["sub"] = "ada" }, "at+jwt"));

        (token.Algorithm, token.Type, token.KeyId).Should().Be((algorithm, "at+jwt", algorithm));
        token.Payload.GetProperty("sub").GetString().Should().Be("ada");
        token.IsSignedBy(signer.PublicKey).Should().BeTrue();
        token.IsSignedBy(JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(new JsonWebKeySet(signer.PublicKey).ToJson().ToJsonString())).Keys.Single()).Should().BeTrue();

        using var other = algorithm.StartsWith("ES", StringComparison.Ordinal) ? TokenText.Signer(algorithm) : JwtSigner.FromPem(TokenText.Rsa(2048), algorithm);
        token.IsSignedBy(other.PublicKey).Should().BeFalse();
    }

    [Test]
    public void A_list_of_algorithms_knows_those_and_no_others()
    {
        SignatureAlgorithm.Names.Should().Equal(Algorithms);
        SignatureAlgorithm.Names.Should().NotContain(["none", "HS256", "HS384", "HS512", "EdDSA", "ES256K"]);
    }

    [Test]
    public void No_letter_of_a_token_can_be_another()
    {
        using var signer = JwtSigner.NewEcdsa();
        var token = signer.Sign(new JsonObject { ["sub"] = "ada", ["exp"] = 1700000000 }, "at+jwt");
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var letter in "AB_z")
            {
                var changed = $"{token[..i]}{letter}{token[(i + 1)..]}";
                if (changed != token)
                    IsSigned(changed, signer.PublicKey).Should().BeFalse($"letter {i} became {letter}");
            }
        }
    }

    [Test]
    public void Without_a_signature_nothing_is_signed()
    {
        using var signer = JwtSigner.NewEcdsa();
        var body = TokenText.Encoded("""{"sub":"ada"}""");

        foreach (var name in new[] { "none", "None", "NONE", "nOnE", "" })
        {
            var head = TokenText.Encoded($$"""{"alg":"{{name}}"}""");
            IsSigned($"{head}.{body}.", signer.PublicKey).Should().BeFalse();
            IsSigned($"{head}.{body}.AAAA", signer.PublicKey).Should().BeFalse();
        }

        IsSigned($"e30.{body}.AAAA", signer.PublicKey).Should().BeFalse("it does not say how");
    }

    [Test]
    public void A_public_key_is_no_shared_secret()
    {
        using var signer = TokenText.Signer("RS256");
        using var rsa = RSA.Create();
        rsa.ImportFromPem(TokenText.PemFor("RS256"));
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(rsa.ExportRSAPublicKeyPem()),
            rsa.ExportSubjectPublicKeyInfo(), rsa.ExportParameters(false).Modulus!, Encoding.UTF8.GetBytes(signer.PublicKey.ToJson().ToJsonString()),
        ];
        var head = $"{TokenText.Encoded("""{"alg":"HS256","typ":"at+jwt"}""")}.{TokenText.Encoded("""{"sub":"ada"}""")}";

        foreach (var secret in secrets)
        {
            var token = $"{head}.{TokenText.Encoded(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(head)))}";
            IsSigned(token, signer.PublicKey).Should().BeFalse();
            IsSigned(token, signer.PublicKey.With(("alg", null))).Should().BeFalse();
        }
    }

    [Test]
    public void A_key_serves_no_other_algorithm_than_its_own()
    {
        using var rs = TokenText.Signer("RS256");
        using var ps = TokenText.Signer("PS256");
        var token = JsonWebToken.Parse(rs.Sign([], "at+jwt"));

        token.IsSignedBy(rs.PublicKey.With(("alg", null))).Should().BeTrue("the very same key that says nothing serves both");
        token.IsSignedBy(ps.PublicKey).Should().BeFalse("this one says PS256");
    }

    [Test]
    public void A_key_that_is_for_something_else_confirms_no_signature()
    {
        using var signer = JwtSigner.NewEcdsa();
        var token = JsonWebToken.Parse(signer.Sign([], "at+jwt"));
        var key = signer.PublicKey;

        token.IsSignedBy(key.With(("use", null))).Should().BeTrue();
        token.IsSignedBy(key.With(("use", "enc"))).Should().BeFalse();
        token.IsSignedBy(key.With(("key_ops", new JsonArray("verify", "wrapKey")))).Should().BeTrue();
        token.IsSignedBy(key.With(("key_ops", new JsonArray("sign")))).Should().BeFalse();
        token.IsSignedBy(key.With(("key_ops", new JsonArray()))).Should().BeFalse();
        token.IsSignedBy(key.With(("alg", "ES384"))).Should().BeFalse();
    }

    [Test]
    public void Every_algorithm_refuses_the_keys_of_all_others()
    {
        foreach (var algorithm in Algorithms)
        {
            using var signer = TokenText.Signer(algorithm);
            var key = signer.PublicKey.With(("alg", null));
            Algorithms.Where(key.CanVerify).Should().Equal(Algorithms.Where(other => algorithm.StartsWith("ES", StringComparison.Ordinal)
                ? other == algorithm
                : !other.StartsWith("ES", StringComparison.Ordinal)));
            key.CanVerify("HS256").Should().BeFalse();
            key.CanVerify("none").Should().BeFalse();
        }
    }

    [Test]
    public void An_elliptic_signature_has_exactly_two_numbers_of_fixed_length()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = JwtSigner.FromPem(key.ExportPkcs8PrivateKeyPem());
        var head = $"{TokenText.Encoded("""{"alg":"ES256"}""")}.{TokenText.Encoded("{}")}";
        var signed = Encoding.ASCII.GetBytes(head);
        var signature = key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        IsSigned($"{head}.{TokenText.Encoded(signature)}", signer.PublicKey).Should().BeTrue();
        IsSigned($"{head}.{TokenText.Encoded(key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))}", signer.PublicKey)
            .Should().BeFalse("that is how certificates are signed");
        IsSigned($"{head}.{TokenText.Encoded([.. signature, 0])}", signer.PublicKey).Should().BeFalse();
        IsSigned($"{head}.{TokenText.Encoded([0, .. signature[..32], 0, .. signature[32..]])}", signer.PublicKey).Should().BeFalse();
        IsSigned($"{head}.{TokenText.Encoded(signature[..63])}", signer.PublicKey).Should().BeFalse();
        IsSigned($"{head}.{TokenText.Encoded(new byte[64])}", signer.PublicKey).Should().BeFalse("zeros sign nothing, whatever is signed");
    }

    [Test]
    public void A_key_in_the_tokens_own_header_proves_nothing()
    {
        using var mine = JwtSigner.NewEcdsa();
        using var theirs = JwtSigner.NewEcdsa();
        JsonObject header = new()
        {
            ["jwk"] = mine.PublicKey.ToJson(),
            ["jku"] = "http://127.0.0.1:1/keys",
            ["x5u"] = "http://127.0.0.1:1/chain",
            ["x5c"] = new JsonArray("AAAA"),
        };

        JsonWebToken.Parse(mine.Sign([], "at+jwt", header)).IsSignedBy(theirs.PublicKey).Should().BeFalse();
    }

    private static bool IsSigned(string token, JsonWebKey key)
    {
        try
        {
            return JsonWebToken.Parse(token).IsSignedBy(key);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
