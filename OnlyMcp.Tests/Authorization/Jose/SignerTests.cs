using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Tests.Authorization.Jose;

public sealed class SignerTests
{
    [Test]
    public void A_new_key_signs_with_ES256_under_the_name_of_its_thumbprint()
    {
        using var signer = JwtSigner.NewEcdsa();

        signer.Algorithm.Should().Be("ES256");
        signer.KeyId.Should().Be(signer.PublicKey.Thumbprint());
        (signer.PublicKey.Use, signer.PublicKey.Algorithm, signer.PublicKey.Curve).Should().Be(("sig", "ES256", "P-256"));
        JwtSigner.NewEcdsa("mine").KeyId.Should().Be("mine");
    }

    [Test]
    public void A_key_is_kept_and_read_again()
    {
        using var signer = JwtSigner.NewEcdsa();
        using var again = JwtSigner.FromPem(signer.ExportPkcs8Pem(), keyId: signer.KeyId);

        JsonWebToken.Parse(again.Sign([], "at+jwt")).IsSignedBy(signer.PublicKey).Should().BeTrue();
    }

    [Test]
    public void Keys_are_read_in_each_form_that_tools_write()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Algorithm(rsa.ExportPkcs8PrivateKeyPem()).Should().Be("RS256");
        Algorithm(rsa.ExportRSAPrivateKeyPem()).Should().Be("RS256");
        Algorithm(ec.ExportPkcs8PrivateKeyPem()).Should().Be("ES384");
        Algorithm(ec.ExportECPrivateKeyPem()).Should().Be("ES384");
        Algorithm("A key of ours:\r\n" + ec.ExportECPrivateKeyPem().ReplaceLineEndings("\r\n")).Should().Be("ES384");

        string Algorithm(string pem)
        {
            using var signer = JwtSigner.FromPem(pem);
            JsonWebToken.Parse(signer.Sign([], "JWT")).IsSignedBy(signer.PublicKey).Should().BeTrue();
            return signer.Algorithm;
        }
    }

    [Test]
    public void A_key_that_cannot_sign_so_is_refused_when_it_is_read()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (string Pem, string? Algorithm)[] wrong =
        [
            ("", null), ("text", null), ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", null),
            (ec.ExportSubjectPublicKeyInfoPem(), null), (rsa.ExportSubjectPublicKeyInfoPem(), null), (rsa.ExportRSAPublicKeyPem(), null),
            (ec.ExportEncryptedPkcs8PrivateKeyPem("x", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)), null),
            (TokenText.Rsa(1024), null), (TokenText.Ec(ECCurve.CreateFromFriendlyName("secp256k1")), null),
            (ec.ExportPkcs8PrivateKeyPem(), "ES384"), (ec.ExportPkcs8PrivateKeyPem(), "RS256"), (rsa.ExportPkcs8PrivateKeyPem(), "ES256"),
            (ec.ExportPkcs8PrivateKeyPem(), "none"), (rsa.ExportPkcs8PrivateKeyPem(), "HS256"), (rsa.ExportPkcs8PrivateKeyPem(), "rs256"),
        ];

        foreach (var (pem, algorithm) in wrong)
            FluentActions.Invoking(() => JwtSigner.FromPem(pem, algorithm)).Should().Throw<ArgumentException>($"of {algorithm} with {pem}");
    }

    [Test]
    public void A_key_without_a_name_gives_tokens_without_one()
    {
        using var signer = JwtSigner.FromPem(TokenText.PemFor("ES256"));

        JsonWebToken.Parse(signer.Sign([], "JWT")).Header.EnumerateObject().Select(member => member.Name).Should().Equal("alg", "typ");
    }

    [Test]
    public void A_header_may_say_more_but_not_otherwise()
    {
        using var signer = JwtSigner.NewEcdsa();
        JsonObject more = new() { ["x"] = new JsonObject { ["y"] = 1 } };

        signer.Sign([], "JWT", more);
        JsonWebToken.Parse(signer.Sign([], "JWT", more)).Header.GetProperty("x").GetProperty("y").GetInt32().Should().Be(1);
        foreach (var name in new[] { "alg", "typ", "kid", "crit" })
            signer.Invoking(signer => signer.Sign([], "JWT", new JsonObject { [name] = "none" })).Should().Throw<ArgumentException>();
    }

    [Test]
    public void A_token_that_nobody_would_read_is_not_made()
    {
        using var signer = JwtSigner.NewEcdsa();
        signer.Invoking(signer => signer.Sign(new JsonObject { ["x"] = new string('x', 20_000) }, "JWT")).Should().Throw<ArgumentException>();
    }

    [Test]
    public void Many_threads_sign_with_one_key()
    {
        using var signer = JwtSigner.NewEcdsa();
        var tokens = new string[200];
        Parallel.For(0, tokens.Length, i => tokens[i] = signer.Sign(new JsonObject { ["n"] = i }, "JWT"));

        tokens.Select(JsonWebToken.Parse).Should().OnlyContain(token => token.IsSignedBy(signer.PublicKey));
    }

    [Test]
    public void A_signer_tells_nothing_of_its_secret()
    {
        using var signer = JwtSigner.NewEcdsa();

        signer.ToString().Should().Be(signer.KeyId);
        signer.PublicKey.ToJson().Select(member => member.Key).Should().Equal("kty", "crv", "x", "y", "kid", "use", "alg");
    }
}
