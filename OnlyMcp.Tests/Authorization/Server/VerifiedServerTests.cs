using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Authorization.Jose;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>A guarded server and real tokens: what each bad one is answered.</summary>
[AuthorizationRequirement("RS8", "RS9", "RS11", "RS14")]
public sealed class VerifiedServerTests
{
    private const string Audience = "https://mcp.example.com/mcp";

    private ManualTime time = null!;
    private TokenIssuer issuer = null!;
    private JwtTokenVerifier verifier = null!;
    private RecordedLog log = null!;
    private GuardedServer guarded = null!;

    [SetUp]
    public void Begin()
    {
        time = new ManualTime();
        issuer = new TokenIssuer(time);
        log = new RecordedLog();
        verifier = new JwtTokenVerifier(new() { Issuers = [issuer.Name], TimeProvider = time, Logger = log });
        guarded = new GuardedServer(
            options =>
            {
                options.AuthorizationServers = [issuer.Name];
                options.Verifier = verifier;
                options.Scopes = ["mcp:use"];
            },
            new McpServerOptions { TimeProvider = time, LoggerFactory = log });
    }

    [TearDown]
    public async Task End()
    {
        verifier.Dispose();
        await issuer.DisposeAsync();
        log.Dispose();
    }

    [TestCase("\"https://mcp.example.com/mcp\"")]
    [TestCase("[\"https://other.example\",\"https://mcp.example.com/mcp\"]")]
    public async Task A_token_for_this_server_opens_it(string audience)
    {
        var http = await guarded.CallAsync("whoami", issuer.Token(("aud", JsonNode.Parse(audience))));

        http.Status.Should().Be(200, http.Body);
        http.Body.Should().Contain("\"ada\"");
    }

    [TestCase("\"https://other.example\"")]
    [TestCase("\"https://mcp.example.com.evil.example/mcp\"")]
    [TestCase("\"https://mcp.example.com/mcp/more\"")]
    [TestCase("[]")]
    [TestCase("[\"\"]")]
    [TestCase(null)]
    [Spec("2026-07-28 basic/authorization §Token Handling", 2, 6, 7, AtEveryRevision = true)]
    public async Task A_token_for_another_server_opens_nothing(string? audience) =>
        await Refused(issuer.Token(("aud", audience is null ? null : JsonNode.Parse(audience))));

    [Test]
    [Spec("2026-07-28 basic/authorization §Token Handling", 1, 3, 4, AtEveryRevision = true)]
    public async Task Each_bad_token_is_answered_with_401_and_why()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(TokenText.PemFor("RS256"));
        using var rs = JwtSigner.FromPem(TokenText.PemFor("RS256"), keyId: "rs");
        issuer.Keys = new(issuer.Signer.PublicKey, rs.PublicKey);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var claims = TokenText.Encoded(Good().ToJsonString());
        var head = $"{TokenText.Encoded("""{"alg":"HS256","typ":"at+jwt","kid":"rs"}""")}.{claims}";

        await Refused(Token(("exp", now - 3600)));
        await Refused(Token(("nbf", now + 3600)));
        await Refused(Token(("iss", "https://login.example.com")));
        await Refused($"{TokenText.Encoded("""{"alg":"none","typ":"at+jwt"}""")}.{claims}.AAAA");
        await Refused($"{head}.{TokenText.Encoded(HMACSHA256.HashData(Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(head)))}");
        await Refused(issuer.Token(JwtSigner.NewEcdsa("unknown"), "at+jwt", ("aud", Audience)));
        await Refused(issuer.Token(JwtSigner.NewEcdsa(issuer.Signer.KeyId), "at+jwt", ("aud", Audience)));
        await Refused(issuer.Token(issuer.Signer, "id_token+jwt", ("aud", Audience)));
        await Refused(Token(("at_hash", "AAAA")));
        await Refused(Token(("cnf", new JsonObject { ["x5t#S256"] = "AAAA" })));

        (await guarded.CallAsync("whoami", Token())).Status.Should().Be(200, "nothing of that has closed the server");
        log.Lines.Should().NotContain(line => line.Contains(claims, StringComparison.Ordinal));
    }

    [Test]
    public async Task While_keys_cannot_be_had_a_client_is_told_to_come_back_and_not_to_sign_in_again()
    {
        issuer.KeysAnswer = call => call.RespondAsync(500);
        var http = await guarded.CallAsync("whoami", Token());

        http.Status.Should().Be(503);
        http.ResponseHeaders.Should().NotContainKey("WWW-Authenticate");
    }

    private JsonObject Good()
    {
        var claims = issuer.Claims;
        claims["aud"] = Audience;
        return claims;
    }

    private string Token(params (string Name, JsonNode? Value)[] changes) => issuer.Token([("aud", Audience), .. changes]);

    private async Task Refused(string token)
    {
        var http = await guarded.CallAsync("whoami", token);

        http.Status.Should().Be(401, http.Body);
        http.Challenge()["error"].Should().Be("invalid_token");
        http.Challenge()["error_description"].Should().NotBeNullOrEmpty();
        http.Body.Should().NotContain("\"result\"").And.NotContain(token);
    }
}
