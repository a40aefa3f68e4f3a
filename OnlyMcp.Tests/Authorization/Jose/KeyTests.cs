using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Tests.Authorization.Jose;

public sealed class KeyTests
{
    [Test]
    public void A_published_key_reads_as_it_was_written()
    {
        using var signer = TokenText.Signer("PS384");
        var key = signer.PublicKey.With(("key_ops", new JsonArray("verify")));

        (key.KeyType, key.KeyId, key.Use, key.Algorithm, key.Curve).Should().Be(("RSA", "PS384", "sig", "PS384", null));
        key.KeyOperations.Should().Equal("verify");
        key.ToJson().Select(member => member.Key).Should().Equal("kty", "n", "e", "kid", "use", "key_ops", "alg");
        key.Thumbprint().Should().Be(signer.PublicKey.Thumbprint(), "its name and its use do not belong to it");
    }

    [Test]
    public void A_private_half_is_dropped()
    {
        using var rsa = RSA.Create(2048);
        var secret = rsa.ExportParameters(true);
        JsonObject json = new() { ["kty"] = "RSA", ["n"] = TokenText.Encoded(secret.Modulus!), ["e"] = "AQAB", ["d"] = TokenText.Encoded(secret.D!) };

        JsonWebKey.Parse(JsonElement.Parse(json.ToJsonString())).ToJson().Select(member => member.Key).Should().Equal("kty", "n", "e");
    }

    [TestCase("""{}""", "*kty*")]
    [TestCase("""[]""", "*object*")]
    [TestCase("""{"kty":"oct","k":"AAAA"}""", "*kty*")]
    [TestCase("""{"kty":"OKP","crv":"Ed25519","x":"AAAA"}""", "*kty*")]
    [TestCase("""{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}""", "*32 bytes*")]
    [TestCase("""{"kty":"EC","crv":"secp256k1","x":"AAAA","y":"AAAA"}""", "*crv*")]
    [TestCase("""{"kty":"EC","x":"AAAA","y":"AAAA"}""", "*crv*")]
    [TestCase("""{"kty":"EC","crv":"P-256","y":"AAAA"}""", "*'x'*")]
    [TestCase("""{"kty":"RSA","n":"AAAA=","e":"AQAB"}""", "*'n'*")]
    [TestCase("""{"kty":"RSA","e":"AQAB"}""", "*'n'*")]
    [TestCase("""{"kty":"RSA","n":"","e":"AQAB"}""", "*bits*")]
    [TestCase("""{"kty":"RSA","n":"AAAAAAAA","e":"AQAB"}""", "*bits*")]
    public void What_is_no_key_for_signatures_is_refused_in_words(string json, string words) =>
        FluentActions.Invoking(() => JsonWebKey.Parse(JsonElement.Parse(json))).Should().Throw<FormatException>().WithMessage(words);

    [Test]
    public void A_short_RSA_key_is_refused_and_zeros_in_front_do_not_make_it_longer()
    {
        byte[] Number(int bits) => [.. Enumerable.Repeat((byte)0xff, bits / 8)];

        Rsa(Number(2048)).Should().NotThrow();
        Rsa([0, 0, .. Number(2048)]).Should().NotThrow();
        Rsa([.. new byte[128], .. Number(1024)]).Should().Throw<FormatException>().WithMessage("*bits*");
        Rsa([0x7f, .. Number(2040)]).Should().Throw<FormatException>("it has 2,047 bits");
        Rsa([.. Number(8192), 1]).Should().Throw<FormatException>();
        Rsa([.. Number(2040), 0xfe]).Should().Throw<FormatException>("an even number is no modulus");
    }

    [TestCase(new byte[] { })]
    [TestCase(new byte[] { 0 })]
    [TestCase(new byte[] { 1 })]
    [TestCase(new byte[] { 0, 1 })]
    [TestCase(new byte[] { 2 })]
    [TestCase(new byte[] { 1, 0, 0, 0, 1 })]
    public void An_exponent_that_hides_nothing_or_takes_forever_is_refused(byte[] exponent) =>
        Rsa([.. Enumerable.Repeat((byte)0xff, 256)], exponent).Should().Throw<FormatException>().WithMessage("*exponent*");

    [Test]
    public void A_point_that_is_not_on_its_curve_is_refused()
    {
        using var signer = JwtSigner.NewEcdsa();
        var key = signer.PublicKey;

        key.Invoking(key => key.With(("y", TokenText.Encoded(new byte[32])))).Should().Throw<FormatException>();
        key.Invoking(key => key.With(("x", TokenText.Encoded(new byte[32])), ("y", TokenText.Encoded(new byte[32])))).Should().Throw<FormatException>();
        key.Invoking(key => key.With(("x", key.ToJson()["y"]!.DeepClone()), ("y", key.ToJson()["x"]!.DeepClone()))).Should().Throw<FormatException>();
        key.Invoking(key => key.With(("x", TokenText.Encoded([.. Enumerable.Repeat((byte)0xff, 32)])))).Should().Throw<FormatException>("it is beyond the field");
    }

    [Test]
    public void A_set_passes_over_what_it_does_not_understand()
    {
        using var signer = JwtSigner.NewEcdsa("mine");
        JsonObject set = new()
        {
            ["keys"] = new JsonArray(
                new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = "AAAA" },
                new JsonObject { ["kty"] = "oct", ["k"] = "AAAA", ["kid"] = "mine" },
                new JsonObject { ["kty"] = "RSA", ["n"] = "AQAB", ["e"] = "AQAB" },
                "text", null, 1,
                signer.PublicKey.ToJson()),
            ["more"] = "of it",
        };

        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(set.ToJsonString())).Keys.Should().ContainSingle().Which.KeyId.Should().Be("mine");
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""{"keys":{}}""")]
    [TestCase("""{"keys":[],"keys":[]}""")]
    [TestCase("<html><body>Sign in</body></html>")]
    public void What_is_no_set_of_keys_is_refused(string text) =>
        FluentActions.Invoking(() => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(text))).Should().Throw<FormatException>();

    [Test]
    public void A_set_is_bounded()
    {
        var many = $$"""{"keys":[{{string.Join(',', Enumerable.Repeat("{}", 101))}}]}""";
        FluentActions.Invoking(() => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(many))).Should().Throw<FormatException>().WithMessage("*100*");
        FluentActions.Invoking(() => JsonWebKeySet.Parse(new byte[5_000_000])).Should().Throw<FormatException>().WithMessage("*262144 bytes*");
    }

    private static Action Rsa(byte[] modulus, byte[]? exponent = null)
    {
        JsonObject json = new() { ["kty"] = "RSA", ["n"] = TokenText.Encoded(modulus), ["e"] = exponent is null ? "AQAB" : TokenText.Encoded(exponent) };
        return () => JsonWebKey.Parse(JsonElement.Parse(json.ToJsonString()));
    }
}
