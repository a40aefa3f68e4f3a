using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Jose;

/// <summary>The npm package jose, which most of the JavaScript world signs with, and we read each other.</summary>
public sealed class JoseInteropTests
{
    [Test]
    public async Task We_and_the_package_jose_read_each_other_in_every_algorithm()
    {
        JwtSigner[] signers = [.. SignatureAlgorithm.Names.Select(TokenText.Signer)];
        var now = TimeProvider.System.GetUtcNow();
        JsonObject asked = new()
        {
            ["keys"] = new JsonWebKeySet(signers.Select(signer => signer.PublicKey)).ToJson(),
            ["tokens"] = new JsonArray([.. signers.Select(signer => (JsonNode)signer.Sign(
                new JsonObject { ["iss"] = "https://as.example", ["sub"] = signer.Algorithm, ["exp"] = now.ToUnixTimeSeconds() + 60 }, "at+jwt"))]),
            ["proof"] = DpopProof.Create(signers[0], "POST", new Uri("https://mcp.example/mcp?x=1"), now, "nonce", "token"),
            ["algorithms"] = new JsonArray([.. SignatureAlgorithm.Names.Select(name => (JsonNode)name)]),
        };

        await using var peer = ChildProcess.Start(Peers.Command("jose.mjs"));
        await peer.WriteLineAsync(asked.ToJsonString());
        var answer = JsonElement.Parse(await peer.ReadLineAsync());

        answer.GetProperty("verified").EnumerateArray().Select(token => token.GetProperty("payload").GetProperty("sub").GetString())
            .Should().Equal(SignatureAlgorithm.Names);
        answer.GetProperty("thumbprints").EnumerateArray().Select(print => print.GetString())
            .Should().Equal(signers.Select(signer => signer.PublicKey.Thumbprint()));
        answer.GetProperty("proof").GetProperty("htu").GetString().Should().Be("https://mcp.example/mcp");
        foreach (var made in answer.GetProperty("made").EnumerateArray())
            IsRead(made);
    }

    private static void IsRead(JsonElement made)
    {
        var algorithm = made.GetProperty("algorithm").GetString()!;
        var key = JsonWebKey.Parse(made.GetProperty("jwk"));
        var token = JsonWebToken.Parse(made.GetProperty("token").GetString()!);

        token.IsSignedBy(key).Should().BeTrue(algorithm);
        (token.Subject, token.KeyId).Should().Be(("ada", key.KeyId));
        token.Audiences.Should().Equal("a", "b");
        key.Thumbprint().Should().Be(made.GetProperty("thumbprint").GetString());

        using var signer = JwtSigner.FromPem(made.GetProperty("pem").GetString()!, algorithm);
        JsonWebToken.Parse(signer.Sign([], "JWT")).IsSignedBy(key).Should().BeTrue($"{algorithm} with its private key");
    }
}
