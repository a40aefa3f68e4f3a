using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>How a client registers itself, and what it makes of the answer.</summary>
[Spec("2026-07-28 basic/authorization/client-registration §Dynamic Client Registration")]
public sealed class RegistrationTests
{
    private const string Registers = "/register";

    private static readonly Uri Native = new("http://127.0.0.1:4711/callback");
    private static readonly Uri Web = new("https://app.example.com/callback");

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Application Type and Redirect URI Constraints", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/security-considerations §Open Redirection", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Refresh Tokens")]
    [AuthorizationRequirement("CL13", "CL14")]
    public async Task A_program_on_a_persons_machine_says_all_that_a_server_asks()
    {
        await using var site = new Site().Put(Registers, """{"client_id":"c"}""");
        var options = new ClientAuthorization { ClientName = "Test", ClientUri = new Uri("https://app.example.com/") };

        await SendAsync(site, Server(site), Native, ["b", "a"], options, new ProtectedResourceMetadata { Resource = "r", ScopesSupported = ["c", "a"] });

        site.Calls.Single().Json.GetRawText().Should().Be(
            """{"client_name":"Test","client_uri":"https://app.example.com/","redirect_uris":["http://127.0.0.1:4711/callback"]"""
            + ""","grant_types":["authorization_code","refresh_token"],"response_types":["code"]"""
            + ""","token_endpoint_auth_method":"none","scope":"a b c","application_type":"native"}""");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Application Type and Redirect URI Constraints", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("CL14")]
    public async Task A_program_on_a_server_says_so_and_keeps_a_secret()
    {
        await using var site = new Site().Put(Registers, """{"client_id":"c","client_secret":"s"}""");

        var client = await SendAsync(site, Server(site), Web);

        var sent = site.Calls.Single().Json;
        sent.GetProperty("application_type").GetString().Should().Be("web");
        sent.TryGetProperty("scope", out _).Should().BeFalse();
        client.Should().BeEquivalentTo(new ClientCredentials
        {
            Issuer = site.Origin,
            ClientId = "c",
            ClientSecret = "s",
            AuthMethod = "client_secret_basic",
            RedirectUris = [Web.OriginalString],
        });
    }

    [TestCase("none client_secret_basic", true, "none")]
    [TestCase("client_secret_post", true, "client_secret_post")]
    [TestCase("client_secret_post client_secret_basic", true, "client_secret_basic")]
    [TestCase(null, true, "client_secret_basic")]
    [TestCase("none client_secret_post", false, "client_secret_post")]
    [TestCase("none", false, "none")]
    [AuthorizationRequirement("CL13")]
    public async Task The_proof_of_who_it_is_is_one_that_the_server_takes(string? supported, bool isNative, string method)
    {
        await using var site = new Site().Put(Registers, """{"client_id":"c","client_secret":"s"}""");

        var client = await SendAsync(site, Server(site) with { TokenEndpointAuthMethodsSupported = supported?.Split(' ') }, isNative ? Native : Web);

        site.Calls.Single().Json.GetProperty("token_endpoint_auth_method").GetString().Should().Be(method);
        client.AuthMethod.Should().Be(method);
        client.ClientSecret.Should().Be(method == "none" ? null : "s");
    }

    [Test]
    public async Task A_server_that_takes_keys_alone_is_told_apart()
    {
        await using var site = new Site();

        (await FailAsync(site, Server(site) with { TokenEndpointAuthMethodsSupported = ["private_key_jwt"] })).Message.Should()
            .Contain("private_key_jwt alone").And.Contain("ClientAuthorization.Clients");
        site.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task A_server_without_refresh_tokens_is_not_asked_for_them()
    {
        await using var site = new Site().Put(Registers, """{"client_id":"c"}""");

        await SendAsync(site, Server(site) with { GrantTypesSupported = ["authorization_code"] }, Native);

        site.Calls.Single().Json.GetProperty("grant_types").GetRawText().Should().Be("""["authorization_code"]""");
    }

    [TestCase("""{"client_id":"c","client_secret":"s","token_endpoint_auth_method":"client_secret_post"}""", "client_secret_post", "s")]
    [TestCase("""{"client_id":"c","client_secret":"s","token_endpoint_auth_method":"none"}""", "none", null)]
    [TestCase("""{"client_id":"c","client_secret":"s"}""", "client_secret_basic", "s")]
    [TestCase("""{"client_id":"c"}""", "none", null)]
    public async Task What_the_server_registered_counts_and_not_what_was_asked_for(string answer, string method, string? secret)
    {
        await using var site = new Site().Put(Registers, call => call.JsonAsync(answer, 201));

        var client = await SendAsync(site, Server(site) with { TokenEndpointAuthMethodsSupported = null }, Native);

        (client.AuthMethod, client.ClientSecret).Should().Be((method, secret));
    }

    [TestCase(0L, false)]
    [TestCase(-1L, false)]
    [TestCase(long.MaxValue, false)]
    [TestCase(1893456000L, true)]
    public async Task A_secret_expires_when_the_server_says_and_0_is_never(long seconds, bool expires)
    {
        await using var site = new Site().Put(Registers, $$"""{"client_id":"c","client_secret":"s","client_secret_expires_at":{{seconds}}}""");

        (await SendAsync(site, Server(site), Web)).SecretExpiresAt.Should().Be(expires ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Application Type and Redirect URI Constraints", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("CL14")]
    public async Task A_server_that_refuses_the_kind_of_program_is_asked_once_more_with_the_other()
    {
        await using var site = new Site();
        site.Put(Registers, call => call.Json.GetProperty("application_type").GetString() == "web"
            ? call.JsonAsync("""{"client_id":"c"}""", 201)
            : call.JsonAsync("""{"error":"invalid_redirect_uri"}""", 400));

        (await SendAsync(site, Server(site), Native, ["a"])).ClientId.Should().Be("c");
        site.Calls.Should().HaveCount(2);
        site.Calls.Last().Json.GetProperty("scope").GetString().Should().Be("a");
    }

    [Test]
    public async Task A_server_that_does_not_know_the_scopes_is_asked_without_them()
    {
        await using var site = new Site();
        site.Put(Registers, call => call.Json.TryGetProperty("scope", out _)
            ? call.JsonAsync("""{"error":"invalid_client_metadata"}""", 400)
            : call.JsonAsync("""{"client_id":"c"}""", 201));

        await SendAsync(site, Server(site), Native, ["a"]);

        site.Calls.Select(call => call.Json.GetProperty("application_type").GetString()).Should().Equal("native", "native");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Application Type and Redirect URI Constraints", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("CL14")]
    public async Task A_server_that_refuses_for_good_is_told_with_its_words()
    {
        await using var site = new Site();
        site.Put(Registers, call => call.JsonAsync("""{"error":"invalid_client_metadata","error_description":"no\u001b[31m native clients"}""", 400));

        var fault = await FailAsync(site, Server(site), ["a"]);

        fault.Error!.Error.Should().Be("invalid_client_metadata");
        fault.Message.Should().Contain("(native, redirect URI http://127.0.0.1:4711/callback)").And.Contain("invalid_client_metadata (no [31m native clients)")
            .And.Contain("ClientAuthorization.Clients");
        site.Calls.Should().HaveCount(3, "there are two things to say otherwise, and no more");
    }

    [TestCase(401, "application/json", """{"error":"invalid_token"}""", "invalid_token (nothing)")]
    [TestCase(403, "text/html", "<h1>No</h1>", "HTTP 403, text/html, which begins: <h1>No</h1>")]
    [TestCase(400, "application/json", """{"message":"no"}""", "HTTP 400, application/json")]
    [TestCase(500, "text/plain", "oops", "HTTP 500, text/plain, which begins: oops")]
    [TestCase(200, "text/html", "<h1>Sign in</h1>", "HTTP 200, text/html, which begins: <h1>Sign in</h1>")]
    [TestCase(201, "application/json", """{"client_id":7}""", "the value at $.client_id")]
    [TestCase(201, "application/json", "{}", "no client_id")]
    [TestCase(201, "application/json", """{"client_id":""}""", "no client_id")]
    [TestCase(201, "application/json", """{"client_id":"c","token_endpoint_auth_method":"private_key_jwt"}""", "private_key_jwt")]
    [TestCase(201, "application/json", """{"client_id":"c","token_endpoint_auth_method":"client_secret_basic"}""", "no secret")]
    [TestCase(201, "application/json", """{"client_id":"c","redirect_uris":["https://evil.example/"]}""", "other redirect URIs")]
    [AuthorizationRequirement("CL13")]
    public async Task An_answer_that_makes_no_client_is_told_in_words(int status, string type, string answer, string words)
    {
        await using var site = new Site().Put(Registers, call => call.RespondAsync(status, type, answer));

        (await FailAsync(site, Server(site))).Message.Should().Contain(words);
        site.Calls.Should().HaveCount(1);
    }

    [Test]
    public async Task A_secret_in_an_answer_that_cannot_be_read_is_not_told()
    {
        await using var site = new Site().Put(Registers, """{"client_id":["x"],"client_secret":"s3cret"}""");

        (await FailAsync(site, Server(site))).ToString().Should().NotContain("s3cret");
    }

    private static AuthorizationServerMetadata Server(Site site) => new()
    {
        Issuer = site.Origin,
        RegistrationEndpoint = site.Origin + Registers,
        TokenEndpointAuthMethodsSupported = ["none", "client_secret_basic"],
    };

    private static async Task<ClientCredentials> SendAsync(
        Site site, AuthorizationServerMetadata server, Uri redirectUri, string[]? scopes = null, ClientAuthorization? options = null,
        ProtectedResourceMetadata? resource = null)
    {
        options = (options ?? new()) with { Tokens = new InMemoryTokenStore() };
        using var http = new GuardedHttp(site.Mcp, options, TimeProvider.System);
        var plan = new AuthorizationPlan { Server = server, Resource = resource };
        return await new Registrar(http, options, TimeProvider.System).ClientForAsync(plan, redirectUri, scopes ?? [], default);
    }

    private static async Task<AuthorizationException> FailAsync(Site site, AuthorizationServerMetadata server, string[]? scopes = null)
    {
        var sending = () => SendAsync(site, server, Native, scopes);
        var fault = (await sending.Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.Registration);
        return fault;
    }
}
