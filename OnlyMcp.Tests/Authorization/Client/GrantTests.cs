using System.Text;
using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>Tokens without a person, and the ways in which a client shows who it is.</summary>
internal sealed class GrantTests
{
    // What the authorization server takes, and what of the request shows who asks.
    [TestCase("""["client_secret_basic"]""", "basic")]
    [TestCase("""["client_secret_post"]""", "post")]
    [TestCase("""["client_secret_post","client_secret_basic"]""", "basic")]
    [TestCase("null", "basic", Description = "RFC 8414: nothing said means Basic")]
    [AuthorizationRequirement("CL26", "CL36", "CL38")]
    [Spec("ext-auth oauth-client-credentials §Client Authentication Methods", 1)]
    public async Task A_secret_is_sent_as_the_server_takes_it(string methods, string way)
    {
        await using var world = new GuardedWorld();
        world.OnIssuer = call => call.Path == "/token" ? world.IssueAsync(call) : call.JsonAsync(
            $$"""{"issuer":"{{world.IssuerName}}","token_endpoint":"{{world.IssuerName}}/token","token_endpoint_auth_methods_supported":{{methods}}}""");

        await using var client = await world.ConnectAsync(Machine(world, new ClientCredentials { ClientId = "id:1", ClientSecret = "s %+:é" }));

        var asked = world.TokenRequests.Should().ContainSingle().Subject;
        asked.Form.Should().Contain("grant_type", "client_credentials").And.Contain("resource", world.Resource.Url.OriginalString);
        if (way == "post")
        {
            asked.Form.Should().Contain("client_id", "id:1").And.Contain("client_secret", "s %+:é");
            asked.Header("Authorization").Should().BeNull();
        }
        else
        {
            asked.Header("Authorization").Should().Be("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("id%3A1:s+%25%2B%3A%C3%A9")));
            asked.Form.Should().NotContainKey("client_secret").And.NotContainKey("client_id");
        }
    }

    [Test]
    [AuthorizationRequirement("CL26")]
    public async Task The_way_that_was_agreed_when_the_client_was_registered_is_the_one()
    {
        await using var world = new GuardedWorld();
        var agreed = new ClientCredentials { ClientId = "id", ClientSecret = "secret", AuthMethod = "client_secret_post" };
        await using var client = await world.ConnectAsync(Machine(world, agreed));

        var asked = world.TokenRequests.Should().ContainSingle().Subject;
        asked.Form.Should().Contain("client_id", "id").And.Contain("client_secret", "secret");
        asked.Header("Authorization").Should().BeNull();
    }

    [Test]
    [AuthorizationRequirement("CL36", "CL37")]
    [Spec("ext-auth oauth-client-credentials §Client Authentication Methods", 1)]
    public async Task A_key_signs_an_assertion_that_is_for_this_server_alone_and_for_a_minute()
    {
        await using var world = new GuardedWorld { MoreToken = ""","expires_in":1""" };
        using var key = JwtSigner.NewEcdsa("key-1");
        var credentials = new ClientCredentials { ClientId = "robot", PrivateKeyPem = key.ExportPkcs8Pem(), PrivateKeyId = "key-1" };

        await using var client = await world.ConnectAsync(Machine(world, credentials));
        world.Good.Clear();
        await client.CallToolAsync("any");

        world.TokenRequests.Should().HaveCountGreaterThan(1, "the first token was taken back");
        var assertions = world.TokenRequests.Select(call => JsonWebToken.Parse(call.Form["client_assertion"])).ToArray();
        assertions.Should().OnlyContain(it => it.IsSignedBy(key.PublicKey) && it.Issuer == "robot" && it.Subject == "robot" && it.KeyId == "key-1");
        assertions.Should().OnlyContain(it => it.Audiences.Single() == world.IssuerName && it.ExpiresAt - it.IssuedAt == TimeSpan.FromMinutes(1));
        assertions.Select(it => it.JwtId).Should().OnlyHaveUniqueItems();
        world.TokenRequests.First().Form.Should().Contain("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    }

    [Test]
    [AuthorizationRequirement("CL40")]
    public async Task The_extension_is_declared_on_each_request()
    {
        await using var world = new GuardedWorld();
        await using var client = await world.ConnectAsync(Machine(world, new ClientCredentials { ClientId = "robot", ClientSecret = "s" }));
        await client.CallToolAsync("any");

        foreach (var call in world.Resource.Calls.Where(call => call.Verb == "POST"))
        {
            call.Json.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/clientCapabilities").GetProperty("extensions")
                .TryGetProperty("io.modelcontextprotocol/oauth-client-credentials", out _).Should().BeTrue();
        }
    }

    [Test]
    [AuthorizationRequirement("CL36")]
    public async Task A_program_that_nobody_knows_is_told_where_to_add_it()
    {
        await using var world = new GuardedWorld();
        var unknown = world.Authorization with { Grant = new ClientCredentialsGrant(), Clients = [new ClientCredentials { ClientId = "x", ClientSecret = "y", Issuer = "https://other.example" }] };
        var fault = (await world.Awaiting(it => it.ConnectAsync(unknown)).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Message.Should().Contain("ClientAuthorization.Clients").And.Contain("others");
        world.TokenRequests.Should().BeEmpty("MUST NOT: what is for one authorization server is shown to no other");
    }

    [TestCase("RS256")]
    [TestCase("PS256")]
    public async Task A_key_that_the_server_cannot_check_is_not_used(string algorithm)
    {
        await using var world = new GuardedWorld { MoreMetadata = $$""","token_endpoint_auth_signing_alg_values_supported":["{{algorithm}}"]""" };
        using var key = JwtSigner.NewEcdsa();
        var fault = (await world.Awaiting(it => it.ConnectAsync(Machine(it, new ClientCredentials { ClientId = "robot", PrivateKeyPem = key.ExportPkcs8Pem() })))
            .Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Message.Should().Contain("ES256").And.Contain(algorithm);
    }

    [Test]
    public async Task An_assertion_that_is_refused_is_sent_once()
    {
        await using var world = new GuardedWorld();
        world.OnIssuer = call => call.Path == "/token" ? call.JsonAsync("""{"error":"invalid_grant"}""", 400) : world.IssueAsync(call);
        var workload = world.Authorization with { Grant = new AssertionGrant((context, _) => ValueTask.FromResult($"assertion-for-{context.Server.Issuer}")) };

        await world.Awaiting(it => it.ConnectAsync(workload)).Should().ThrowAsync<AuthorizationException>();
        var asked = world.TokenRequests.Should().ContainSingle().Subject.Form;
        asked.Should().Contain("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer").And.Contain("assertion", $"assertion-for-{world.IssuerName}");
    }

    [Test]
    [AuthorizationRequirement("CL41", "CL42", "CL43", "CL44")]
    [Spec("ext-auth enterprise-managed-authorization §Token Exchange", 1, 2, 3, 4, 5)]
    [Spec("ext-auth enterprise-managed-authorization §Access Token Request", 1, 2)]
    public async Task An_enterprise_exchanges_what_its_person_signed_in_with()
    {
        await using var world = new GuardedWorld { Challenge = "scope=\"chat\"" };
        await using var provider = new ScriptedHttpServer(
            call => call.JsonAsync("""{"access_token":"the-jag","token_type":"N_A","issued_token_type":"urn:ietf:params:oauth:token-type:id-jag"}"""), "/exchange");

        await using var client = await world.ConnectAsync(Enterprise(world, provider));

        provider.Calls.Single().Form.Should().Contain("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
            .And.Contain("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag").And.Contain("audience", world.IssuerName)
            .And.Contain("resource", world.Resource.Url.OriginalString).And.Contain("scope", "chat").And.Contain("subject_token", "the-id-token")
            .And.Contain("subject_token_type", "urn:ietf:params:oauth:token-type:id_token").And.Contain("client_id", "at-the-provider");
        var asked = world.TokenRequests.Single();
        asked.Form.Should().Contain("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer").And.Contain("assertion", "the-jag");
        asked.Header("Authorization").Should().StartWith("Basic ");
        world.SignIns.Should().BeEmpty();
    }

    [Test]
    [AuthorizationRequirement("CL46")]
    public async Task The_exchange_is_made_again_when_the_token_is_over()
    {
        await using var world = new GuardedWorld();
        await using var provider = new ScriptedHttpServer(
            call => call.JsonAsync("""{"access_token":"the-jag","token_type":"n_a","issued_token_type":"urn:ietf:params:oauth:token-type:id-jag"}"""), "/exchange");
        await using var client = await world.ConnectAsync(Enterprise(world, provider));

        world.Good.Clear();
        (await client.CallToolAsync("any")).Text.Should().Be("done");
        provider.Calls.Should().HaveCount(2);
    }

    [TestCase("""{"access_token":"an-access-token","token_type":"Bearer","issued_token_type":"urn:ietf:params:oauth:token-type:access_token"}""")]
    [TestCase("""{"access_token":"an-access-token","token_type":"Bearer","issued_token_type":"urn:ietf:params:oauth:token-type:id-jag"}""")]
    [TestCase("""{"access_token":"an-access-token","token_type":"N_A"}""")]
    [AuthorizationRequirement("CL43")]
    public async Task Anything_but_the_assertion_is_sent_nowhere(string answer)
    {
        await using var world = new GuardedWorld();
        await using var provider = new ScriptedHttpServer(call => call.JsonAsync(answer), "/exchange");

        var fault = (await world.Awaiting(it => it.ConnectAsync(Enterprise(it, provider))).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Message.Should().NotContain("an-access-token");
        world.TokenRequests.Should().BeEmpty();
    }

    private static ClientAuthorization Machine(GuardedWorld world, ClientCredentials credentials) =>
        world.Authorization with { SignIn = null, Grant = new ClientCredentialsGrant(), Clients = [credentials] };

    private static ClientAuthorization Enterprise(GuardedWorld world, ScriptedHttpServer provider) => world.Authorization with
    {
        Clients = [new ClientCredentials { ClientId = "at-the-server", ClientSecret = "s" }],
        Grant = new EnterpriseGrant
        {
            IdentityProvider = provider.Url.GetLeftPart(UriPartial.Authority),
            IdentityProviderTokenEndpoint = provider.Url,
            IdentityProviderClient = new ClientCredentials { ClientId = "at-the-provider" },
            IdentityToken = _ => ValueTask.FromResult("the-id-token"),
        },
    };
}
