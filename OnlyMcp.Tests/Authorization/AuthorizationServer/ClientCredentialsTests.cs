using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>Tokens for clients that act for themselves.</summary>
[AuthorizationRequirement("CL36", "CL38", "CL39", "AS11")]
public sealed class ClientCredentialsTests
{
    private readonly JwtSigner signer = JwtSigner.NewEcdsa();
    private ServedAuthorizationServer server = null!;

    [SetUp]
    public async Task StartAsync() => server = await ServedAuthorizationServer.StartAsync(new()
    {
        Scopes = new Dictionary<string, string> { ["read"] = "Read", ["write"] = "Write", ["all"] = "All" },
        DefaultScopes = ["read"],
        IsUserActiveAsync = (_, _) => new(false),
        Clients =
        [
            Client("job", ClientAuthMethod.ClientSecretBasic) with { SecretHash = RegisteredClient.HashOf("s3cret") },
            Client("signs", ClientAuthMethod.PrivateKeyJwt, JsonElement.Parse(new JsonWebKeySet(signer.PublicKey).ToJson().ToJsonString())),
            Client("open", ClientAuthMethod.None),
            Client("other", ClientAuthMethod.ClientSecretBasic) with
            {
                SecretHash = RegisteredClient.HashOf("s3cret"),
                Metadata = new() { TokenEndpointAuthMethod = ClientAuthMethod.ClientSecretBasic },
            },
        ],
    });

    [TearDown]
    public async Task StopAsync() => await server.DisposeAsync();

    [OneTimeTearDown]
    public void DisposeKey() => signer.Dispose();

    [Test]
    [Spec("ext-auth oauth-client-credentials §Client Credentials Flow")]
    [Spec("2025-03-26 basic/authorization §OAuth Grant Types")]
    public async Task A_client_with_a_secret_gets_a_token_for_itself()
    {
        var answer = await JobAsync(("scope", "write read"), ("resource", server.Issuer + "/mcp"));

        answer.Status.Should().Be(200);
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        answer.Text("token_type").Should().Be("Bearer");
        answer.Text("scope")!.Split(' ').Should().BeEquivalentTo("read", "write");
        answer.Body.TryGetProperty("refresh_token", out _).Should().BeFalse();
        var token = await server.Server.Verifier.VerifyAsync(answer.Text("access_token")!, default);
        token.ClientId.Should().Be("job");
        token.Principal.FindFirst("sub")!.Value.Should().Be("job");
        token.Audiences.Should().Equal(server.Issuer + "/mcp");
        token.Scopes.Should().BeEquivalentTo("read", "write");
    }

    [Test]
    [Spec("ext-auth oauth-client-credentials §Client Authentication Methods")]
    [Spec("ext-auth oauth-client-credentials §JWT Authentication Example")]
    public async Task A_client_that_signs_gets_one_too_without_naming_itself_again()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var assertion = signer.Sign(new() { ["iss"] = "signs", ["sub"] = "signs", ["aud"] = server.Issuer, ["exp"] = now + 60, ["iat"] = now, ["jti"] = "1" }, "JWT");

        var answer = await server.PostFormAsync(
            "/token", null, ("grant_type", "client_credentials"), ("client_assertion", assertion),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));

        answer.Status.Should().Be(200);
        (await server.Server.Verifier.VerifyAsync(answer.Text("access_token")!, default)).ClientId.Should().Be("signs");
    }

    [Test]
    [Spec("ext-auth oauth-client-credentials §Client Secret Authentication Example")]
    public async Task A_secret_in_the_body_is_as_good()
    {
        var answer = await server.PostFormAsync("/token", null, ("grant_type", "client_credentials"), ("client_id", "job"), ("client_secret", "s3cret"));

        answer.Status.Should().Be(200);
    }

    [Test]
    public async Task Who_names_no_scope_gets_the_usual_ones()
    {
        (await JobAsync()).Text("scope").Should().Be("read");
        (await JobAsync(("scope", " "))).Text("scope").Should().Be("read");
    }

    [TestCase("all")]
    [TestCase("read all")]
    [TestCase("unknown")]
    [TestCase("re\"ad")]
    public async Task Nobody_gets_more_than_he_is_registered_for(string scope)
    {
        var answer = await JobAsync(("scope", scope));

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("invalid_scope");
        answer.Description.Should().Contain("read write");
    }

    [Test]
    public async Task A_token_is_for_a_server_that_there_is()
    {
        (await JobAsync(("resource", "https://other.example/mcp"))).Error.Should().Be("invalid_target");
        (await JobAsync(("resource", server.Issuer + "/mcp"), ("resource", "https://other.example/mcp"))).Error.Should().Be("invalid_target");
    }

    [Test]
    public async Task A_client_without_credentials_has_nothing_to_show()
    {
        var answer = await server.PostFormAsync("/token", null, ("grant_type", "client_credentials"), ("client_id", "open"));

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("unauthorized_client");
    }

    [Test]
    public async Task A_client_that_is_not_registered_for_it_does_not_get_it()
    {
        var answer = await server.PostFormAsync("/token", null, ("grant_type", "client_credentials"), ("client_id", "other"), ("client_secret", "s3cret"));

        answer.Error.Should().Be("unauthorized_client");
    }

    [Test]
    [Spec("ext-auth oauth-client-credentials §Overview")]
    public async Task A_client_that_registered_itself_does_not_get_it()
    {
        var registered = await server.PostJsonAsync(
            "/register", """{"redirect_uris":["https://client.example/callback"],"grant_types":["authorization_code","client_credentials"]}""");

        var answer = await server.PostFormAsync(
            "/token", null, ("grant_type", "client_credentials"),
            ("client_id", registered.Text("client_id")!), ("client_secret", registered.Text("client_secret")!));

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("unauthorized_client");
    }

    [Test]
    public async Task A_client_that_registered_itself_does_not_get_it_whatever_the_store_says_of_it()
    {
        var kept = await server.Server.Registrations.AddAsync(Client("any", ClientAuthMethod.ClientSecretBasic).Metadata, default);

        var answer = await server.PostFormAsync(
            "/token", null, ("grant_type", "client_credentials"), ("client_id", kept.ClientId!), ("client_secret", kept.ClientSecret!));

        (answer.Status, answer.Error).Should().Be((400, "unauthorized_client"));
    }

    [Test]
    [Spec("ext-auth oauth-client-credentials §Server Metadata Requirements", 1, 2)]
    [Spec("2026-07-28 basic/authorization/client-registration §Advertising CIMD Support")]
    public async Task The_metadata_says_how_clients_show_who_they_are()
    {
        var metadata = (await server.SendAsync(new(HttpMethod.Get, "/.well-known/oauth-authorization-server"))).Body;

        List(metadata, "token_endpoint_auth_methods_supported").Should().Equal("none", "client_secret_basic", "client_secret_post", "private_key_jwt");
        List(metadata, "token_endpoint_auth_signing_alg_values_supported").Should().Contain("ES256").And.Contain("RS256").And.NotContain("none").And.NotContain("HS256");
        List(metadata, "grant_types_supported").Should().Contain("client_credentials").And.NotContain(GrantType.JwtBearer, "nobody is trusted");
        metadata.GetProperty("client_id_metadata_document_supported").GetBoolean().Should().BeTrue();
        metadata.GetProperty("registration_endpoint").GetString().Should().Be(server.Issuer + "/register");
    }

    [Test]
    public async Task The_metadata_says_nothing_of_what_is_not_there()
    {
        await using var bare = await ServedAuthorizationServer.StartAsync(new() { AllowsRegistration = false, AllowsClientDocuments = false });

        var metadata = (await bare.SendAsync(new(HttpMethod.Get, "/.well-known/oauth-authorization-server"))).Body;

        metadata.TryGetProperty("registration_endpoint", out _).Should().BeFalse();
        metadata.TryGetProperty("client_id_metadata_document_supported", out _).Should().BeFalse();
        List(metadata, "grant_types_supported").Should().NotContain("client_credentials", "no client of the operator's is registered for it");
    }

    private static RegisteredClient Client(string id, string method, JsonElement? jwks = null) => new()
    {
        ClientId = id,
        Metadata = new()
        {
            TokenEndpointAuthMethod = method,
            GrantTypes = [GrantType.ClientCredentials],
            Scope = "read write",
            Jwks = jwks,
        },
    };

    private static IEnumerable<string?> List(JsonElement metadata, string name) => metadata.GetProperty(name).EnumerateArray().Select(item => item.GetString());

    private Task<Answer> JobAsync(params (string Name, string Value)[] form) => server.PostFormAsync(
        "/token", new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("job:s3cret"))),
        [("grant_type", "client_credentials"), .. form]);
}
