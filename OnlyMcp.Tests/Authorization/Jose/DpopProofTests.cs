using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Tests.Authorization.Jose;

public sealed class DpopProofTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly Uri Mcp = new("https://mcp.example.com/mcp");

    [Test]
    public void A_proof_shows_the_key_for_one_request()
    {
        using var key = JwtSigner.NewEcdsa();
        var text = DpopProof.Create(key, "POST", Mcp, Now, "nonce", "token");
        var proof = DpopProof.Verify(text, "POST", Mcp, Now + Minute, Minute, "token");

        (proof.KeyThumbprint, proof.Nonce, proof.IssuedAt).Should().Be((key.PublicKey.Thumbprint(), "nonce", Now));
        proof.JwtId.Should().NotBe(DpopProof.Verify(DpopProof.Create(key, "POST", Mcp, Now), "POST", Mcp, Now, Minute).JwtId);
        JsonWebToken.Parse(text).Header.EnumerateObject().Select(member => member.Name).Should().Equal("alg", "typ", "jwk");
        JsonWebToken.Parse(text).Header.GetProperty("jwk").EnumerateObject().Select(member => member.Name).Should().Equal("kty", "crv", "x", "y");
    }

    [TestCase("https://mcp.example.com/mcp?session=1#x")]
    [TestCase("HTTPS://MCP.EXAMPLE.COM:443/mcp")]
    [TestCase("https://mcp.example.com/a/../mcp")]
    [TestCase("https://mcp.example.com/%6Dcp")]
    public void Two_ways_to_write_one_address_are_one(string address)
    {
        using var key = JwtSigner.NewEcdsa();
        DpopProof.Verify(DpopProof.Create(key, "GET", new Uri(address), Now), "GET", Mcp, Now, Minute).Should().NotBeNull();
    }

    [TestCase("http://mcp.example.com/mcp")]
    [TestCase("https://mcp.example.com:8443/mcp")]
    [TestCase("https://evil.example.com/mcp")]
    [TestCase("https://mcp.example.com@evil.example/mcp")]
    [TestCase("https://user@mcp.example.com/mcp")]
    [TestCase("https://mcp.example.com/MCP")]
    [TestCase("https://mcp.example.com/mcp/")]
    [TestCase("https://mcp.example.com/")]
    public void A_proof_for_another_address_is_refused(string address)
    {
        using var key = JwtSigner.NewEcdsa();
        Refused(DpopProof.Create(key, "POST", new Uri(address), Now), "*htu*");
    }

    [Test]
    public void A_proof_for_something_else_is_refused()
    {
        using var key = JwtSigner.NewEcdsa();

        Refused(DpopProof.Create(key, "GET", Mcp, Now), "*htm*");
        Refused(DpopProof.Create(key, "post", Mcp, Now), "*htm*");
        Refused(DpopProof.Create(key, "POST", Mcp, Now - Minute - TimeSpan.FromSeconds(1)), "*too old*");
        Refused(DpopProof.Create(key, "POST", Mcp, Now + Minute + TimeSpan.FromSeconds(1)), "*future*");
        Refused(DpopProof.Create(key, "POST", Mcp, Now), "*ath*", "token");
        Refused(DpopProof.Create(key, "POST", Mcp, Now, accessToken: "Token"), "*ath*", "token");
        Refused("not.a.proof", "*");
        Refused(new string('a', 9000), "*8192*");
    }

    [Test]
    public void A_proof_that_is_not_whole_is_refused()
    {
        using var key = JwtSigner.NewEcdsa();
        using var other = JwtSigner.NewEcdsa();
        JsonObject Claims() => new() { ["jti"] = "1", ["htm"] = "POST", ["htu"] = Mcp.AbsoluteUri, ["iat"] = Now.ToUnixTimeSeconds() };
        JsonObject Jwk(JwtSigner key) => new() { ["jwk"] = key.PublicKey.Members() };

        DpopProof.Verify(key.Sign(Claims(), "dpop+jwt", Jwk(key)), "POST", Mcp, Now, Minute).JwtId.Should().Be("1");
        Refused(key.Sign(Claims(), "JWT", Jwk(key)), "*type*");
        Refused(key.Sign(Claims(), "dpop+jwt"), "*jwk*");
        Refused(key.Sign(Claims(), "dpop+jwt", new JsonObject { ["jwk"] = "key" }), "*");
        Refused(key.Sign(Claims(), "dpop+jwt", Jwk(other)), "*signature*");
        foreach (var missing in new[] { "jti", "htm", "htu", "iat" })
        {
            var claims = Claims();
            claims.Remove(missing);
            Refused(key.Sign(claims, "dpop+jwt", Jwk(key)), $"*{missing}*");
        }

        var secret = Jwk(key);
        secret["jwk"]!["d"] = "AAAA";
        Refused(key.Sign(Claims(), "dpop+jwt", secret), "*private*");
    }

    private static void Refused(string proof, string words, string? token = null) => FluentActions
        .Invoking(() => DpopProof.Verify(proof, "POST", Mcp, Now, Minute, token)).Should().Throw<FormatException>().WithMessage(words);
}
