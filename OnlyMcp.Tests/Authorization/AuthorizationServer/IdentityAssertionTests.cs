using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>Tokens for what an identity provider says of a person.</summary>
[AuthorizationRequirement("CL44", "CL45")]
public sealed class IdentityAssertionTests
{
    private const string Provider = "https://acme.idp.example";
    private const string Type = "oauth-id-jag+jwt";

    private readonly JwtSigner signer = JwtSigner.NewEcdsa("k1");
    private readonly ManualTime time = new();
    private readonly HashSet<string> gone = [];
    private ServedAuthorizationServer server = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        time.Advance(TimeSpan.FromDays(1000));
        gone.Clear();
        server = await StartAsync(provider => provider);
    }

    [TearDown]
    public async Task StopAsync() => await server.DisposeAsync();

    [OneTimeTearDown]
    public void DisposeKey() => signer.Dispose();

    [Test]
    [Spec("ext-auth enterprise-managed-authorization §Access Token Request")]
    [Spec("ext-auth enterprise-managed-authorization §Access Token Response")]
    public async Task An_assertion_buys_a_token_for_the_person()
    {
        var answer = await BringAsync(Claims());

        answer.Status.Should().Be(200);
        answer.Text("token_type").Should().Be("Bearer");
        answer.Text("scope").Should().Be("read");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        answer.Body.TryGetProperty("refresh_token", out _).Should().BeFalse();
        var token = await server.Server.Verifier.VerifyAsync(answer.Text("access_token")!, default);
        token.Principal.FindFirst("sub")!.Value.Should().Be($"{Provider} U1", "a person of another is none of ours");
        token.ClientId.Should().Be("app");
        token.Audiences.Should().Equal(server.Issuer + "/mcp");
    }

    [Test]
    public async Task The_person_is_whom_the_operator_says()
    {
        IdentityAssertion? heard = null;
        await using var own = await StartAsync(provider => provider with
        {
            FindUserAsync = (assertion, _) => new((heard = assertion).Subject == "U1" ? new SignedInUser("alice") { Scopes = ["read"] } : null),
        });

        var answer = await BringAsync(Claims(own), own);
        var wider = await BringAsync(With(Claims(own), "scope", "read write"), own, ("scope", "write"));
        var nobody = await BringAsync(With(Claims(own), "sub", "U2"), own);

        (await own.Server.Verifier.VerifyAsync(answer.Text("access_token")!, default)).Principal.FindFirst("sub")!.Value.Should().Be("alice");
        heard!.Issuer.Should().Be(Provider);
        heard.ClientId.Should().Be("app");
        heard.Claims.GetProperty("jti").GetString().Should().NotBeNull();
        wider.Error.Should().Be("invalid_scope", "she cannot give it");
        nobody.Error.Should().Be("invalid_grant");
    }

    [TestCase("iss")]
    [TestCase("sub")]
    [TestCase("aud")]
    [TestCase("resource")]
    [TestCase("client_id")]
    [TestCase("jti")]
    [TestCase("exp")]
    [TestCase("iat")]
    [Spec("ext-auth enterprise-managed-authorization §Identity Assertion JWT Authorization Grant", 1, 2, 3, 4, 5, 6, 7, 8)]
    public async Task It_has_all_that_it_must_have(string claim)
    {
        var claims = Claims();
        claims.Remove(claim);

        var answer = await BringAsync(claims);

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("invalid_grant");
        answer.Description.Should().Contain(claim);
    }

    [TestCase("iss", "https://other.idp.example", "invalid_grant")]
    [TestCase("aud", "https://other.example", "invalid_grant")]
    [TestCase("client_id", "other", "invalid_grant")]
    [TestCase("resource", "https://other.example/mcp", "invalid_target")]
    [TestCase("scope", "unknown", "invalid_scope")]
    [Spec("ext-auth enterprise-managed-authorization §Processing Rules", 3, 4)]
    public async Task What_was_said_to_or_for_others_buys_nothing(string claim, string value, string error)
    {
        var answer = await BringAsync(With(Claims(), claim, value));

        answer.Status.Should().Be(400);
        answer.Error.Should().Be(error);
        answer.Description.Should().NotBeNullOrEmpty();
    }

    [Test]
    public async Task What_is_for_others_too_buys_nothing()
    {
        var claims = Claims();
        claims["aud"] = new JsonArray(server.Issuer, "https://other.example");

        (await BringAsync(claims)).Error.Should().Be("invalid_grant");
    }

    [TestCase("JWT")]
    [TestCase("at+jwt")]
    [TestCase("id-jag+jwt")]
    [Spec("ext-auth enterprise-managed-authorization §Identity Assertion JWT Authorization Grant", 9)]
    public async Task Another_kind_of_token_buys_nothing(string type)
    {
        var answer = await BringAsync(signer.Sign(Claims(), type));

        answer.Error.Should().Be("invalid_grant");
        answer.Description.Should().Contain(Type);
    }

    [TestCase("exp", -61, "*exp*")]
    [TestCase("exp", 90_000, "*too far ahead*")]
    [TestCase("nbf", 120, "*nbf or iat*")]
    [TestCase("iat", 120, "*nbf or iat*")]
    public async Task It_holds_now(string claim, int seconds, string words)
    {
        var claims = Claims();
        claims[claim] = time.GetUtcNow().ToUnixTimeSeconds() + seconds;

        var answer = await BringAsync(claims);

        answer.Error.Should().Be("invalid_grant");
        answer.Description.Should().Match(words);
    }

    [Test]
    public async Task It_is_good_once()
    {
        var assertion = signer.Sign(Claims(), Type);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => BringAsync(assertion)));

        answers.Count(answer => answer.Status == 200).Should().Be(1);
        answers.First(answer => answer.Status == 400).Description.Should().Contain("used before");
    }

    [Test]
    public async Task Another_key_signs_for_nobody()
    {
        using var other = JwtSigner.NewEcdsa("k1");

        (await BringAsync(other.Sign(Claims(), Type))).Error.Should().Be("invalid_grant");
    }

    [TestCase("none")]
    [TestCase("HS256")]
    public async Task A_shared_key_and_no_key_are_none(string algorithm)
    {
        static string Part(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var header = Part($$"""{"alg":"{{algorithm}}","typ":"{{Type}}"}""");

        var answer = await BringAsync($"{header}.{Part(Claims().ToJsonString())}.{Part("signature")}");

        answer.Error.Should().Be("invalid_grant");
        answer.Description.Should().Contain("alg");
    }

    [TestCase("nonsense")]
    [TestCase("a.b.c")]
    public async Task What_is_no_token_buys_nothing(string assertion)
    {
        var answer = await BringAsync(assertion);

        answer.Error.Should().Be("invalid_grant");
        answer.Description.Should().StartWith("assertion:").And.NotContain(assertion);
    }

    [Test]
    public async Task A_client_asks_for_less_and_never_for_more()
    {
        (await BringAsync(With(Claims(), "scope", "read write"), null, ("scope", "write"))).Text("scope").Should().Be("write");
        (await BringAsync(Claims(), null, ("scope", "write"))).Error.Should().Be("invalid_scope");
        (await BringAsync(Claims(), null, ("resource", "https://other.example"))).Error.Should().Be("invalid_target");
    }

    [Test]
    public async Task A_provider_is_good_for_no_more_than_it_is_trusted_with()
    {
        await using var own = await StartAsync(provider => provider with { Scopes = ["read"], Clients = ["app"] });
        await using var others = await StartAsync(provider => provider with { Clients = ["other"] });

        (await BringAsync(With(Claims(own), "scope", "read write"), own)).Text("scope").Should().Be("read");
        (await BringAsync(With(Claims(own), "scope", "write"), own)).Error.Should().Be("invalid_scope");
        (await BringAsync(Claims(others), others)).Error.Should().Be("invalid_grant");
    }

    [Test]
    public async Task Who_has_left_gets_nothing_and_loses_what_he_has()
    {
        var token = (await BringAsync(Claims())).Text("access_token")!;
        gone.Add($"{Provider} U1");

        (await BringAsync(Claims())).Error.Should().Be("invalid_grant");
        await server.Server.Verifier.Awaiting(verifier => verifier.VerifyAsync(token, default).AsTask()).Should().ThrowAsync<InvalidTokenException>();
    }

    [Test]
    public async Task An_assertion_alone_is_not_enough()
    {
        var assertion = signer.Sign(With(Claims(), "client_id", "open"), Type);

        var open = await server.PostFormAsync("/token", null, ("grant_type", GrantType.JwtBearer), ("assertion", assertion), ("client_id", "open"));
        var nobody = await server.PostFormAsync("/token", null, ("grant_type", GrantType.JwtBearer), ("assertion", assertion));

        open.Error.Should().Be("unauthorized_client");
        nobody.Error.Should().Be("invalid_client");
    }

    [Test]
    public async Task The_keys_of_a_provider_are_fetched_and_fetched_again_when_it_has_new_ones()
    {
        using var next = JwtSigner.NewEcdsa("k2");
        var published = signer;
        await using var web = new ScriptedHttpServer(call => call.JsonAsync(new JsonWebKeySet(published.PublicKey).ToJson().ToJsonString()), "/jwks");
        await using var own = await StartAsync(provider => provider with { Keys = null, KeysAddress = web.Url });

        (await BringAsync(Claims(own), own)).Status.Should().Be(200);
        (await BringAsync(Claims(own), own)).Status.Should().Be(200);
        web.Calls.Should().ContainSingle();
        published = next;
        time.Advance(TimeSpan.FromMinutes(1));

        (await BringAsync(next.Sign(Claims(own), Type), own)).Status.Should().Be(200);
        web.Calls.Should().HaveCount(2);
    }

    [Test]
    public async Task Keys_that_cannot_be_fetched_are_no_reason_to_say_that_the_assertion_is_wrong()
    {
        await using var web = new ScriptedHttpServer(call => call.RespondAsync(500), "/jwks");
        await using var own = await StartAsync(provider => provider with { Keys = null, KeysAddress = web.Url });

        var answer = await BringAsync(Claims(own), own);

        answer.Status.Should().Be(503);
        answer.Error.Should().Be("temporarily_unavailable");
        answer.Headers.RetryAfter.Should().NotBeNull();
    }

    [Test]
    public async Task The_metadata_says_that_assertions_are_taken()
    {
        var metadata = (await server.SendAsync(new(HttpMethod.Get, "/.well-known/oauth-authorization-server"))).Body;

        metadata.GetProperty("grant_types_supported").EnumerateArray().Select(type => type.GetString()).Should().Contain(GrantType.JwtBearer);
    }

    private static JsonObject With(JsonObject claims, string name, string value)
    {
        claims[name] = value;
        return claims;
    }

    private JsonObject Claims(ServedAuthorizationServer? of = null) => new()
    {
        ["iss"] = Provider,
        ["sub"] = "U1",
        ["aud"] = (of ?? server).Issuer,
        ["resource"] = (of ?? server).Issuer + "/mcp",
        ["client_id"] = "app",
        ["scope"] = "read",
        ["jti"] = Guid.NewGuid().ToString(),
        ["exp"] = time.GetUtcNow().ToUnixTimeSeconds() + 300,
        ["iat"] = time.GetUtcNow().ToUnixTimeSeconds(),
    };

    private Task<Answer> BringAsync(JsonObject claims, ServedAuthorizationServer? to = null, params (string Name, string Value)[] more) =>
        BringAsync(signer.Sign(claims, Type), to, more);

    private Task<Answer> BringAsync(string assertion, ServedAuthorizationServer? to = null, params (string Name, string Value)[] more) =>
        (to ?? server).PostFormAsync(
            "/token", null,
            [("grant_type", GrantType.JwtBearer), ("assertion", assertion), ("client_id", "app"), ("client_secret", "s3cret"), .. more]);

    private Task<ServedAuthorizationServer> StartAsync(Func<TrustedIdentityProvider, TrustedIdentityProvider> change) => ServedAuthorizationServer.StartAsync(new()
    {
        TimeProvider = time,
        Scopes = new Dictionary<string, string> { ["read"] = "Read", ["write"] = "Write" },
        IsUserActiveAsync = (subject, _) => new(!gone.Contains(subject)),
        IdentityProviders = [change(new() { Issuer = Provider, Keys = new(signer.PublicKey) })],
        Clients =
        [
            new()
            {
                ClientId = "app",
                SecretHash = RegisteredClient.HashOf("s3cret"),
                Metadata = new() { TokenEndpointAuthMethod = ClientAuthMethod.ClientSecretBasic, GrantTypes = [GrantType.JwtBearer] },
            },
            new()
            {
                ClientId = "open",
                Metadata = new() { TokenEndpointAuthMethod = ClientAuthMethod.None, GrantTypes = [GrantType.JwtBearer] },
            },
        ],
    });
}
