using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>A client that registered by itself: what becomes of its tokens when it registers anew, and of it when the server forgets it.</summary>
internal sealed class ForgottenClientTests
{
    private const string Refreshable = ""","expires_in":3600,"refresh_token":"refresh-1" """;

    private int registered;

    [SetUp]
    public void SetUp() => registered = 0;

    [Test]
    [AuthorizationRequirement("CL29", "CL31")]
    public async Task Tokens_are_renewed_by_the_client_that_they_were_issued_to_whatever_was_registered_since()
    {
        await using var world = World();
        var authorization = Registering(world);
        await using var client = await world.ConnectAsync(authorization);

        // A sign-in for another MCP server of the same authorization server came back to another port.
        await authorization.Tokens.SaveRegistrationAsync("default", new() { Issuer = world.IssuerName, ClientId = "another" });
        world.Good.Clear();
        await client.CallToolAsync("any");

        world.SignIns.Should().ContainSingle("nobody has to sign in again for that");
        world.TokenRequests.Last().Form.Should().Contain("grant_type", "refresh_token").And.Contain("client_id", "client-1");
    }

    [Test]
    [AuthorizationRequirement("CL10", "CL31")]
    public async Task A_server_that_does_not_know_the_client_at_a_refresh_gets_a_new_registration()
    {
        await using var world = World(forgets: call => call.Form["client_id"] == "client-1" && call.Form["grant_type"] == "refresh_token");
        await using var client = await world.ConnectAsync(Registering(world));

        world.Good.Clear();
        (await client.CallToolAsync("any")).Text.Should().Be("done");

        world.SignIns.Select(asked => asked["client_id"]).Should().Equal("client-1", "client-2");
        world.TokenRequests.Should().HaveCount(3, "the refused refresh is not tried again");
    }

    [Test]
    [AuthorizationRequirement("CL10")]
    public async Task A_server_that_does_not_know_a_kept_client_at_the_code_gets_a_new_registration_once()
    {
        await using var world = World(forgets: _ => true);
        var authorization = Registering(world);
        await authorization.Tokens.SaveRegistrationAsync("default", Kept(world));

        var fault = (await world.Awaiting(it => it.ConnectAsync(authorization)).Should().ThrowAsync<AuthorizationException>()).Which;

        fault.Error!.Error.Should().Be(OAuthErrorCode.InvalidClient);
        world.SignIns.Select(asked => asked["client_id"]).Should().Equal("kept", "client-1");
    }

    [TestCase("error=unauthorized_client", Description = "said in the answer")]
    [TestCase("", Description = "the browser comes back with nothing")]
    [TestCase(null, Description = "a page tells the person, and nobody comes back")]
    [AuthorizationRequirement("CL10")]
    public async Task A_sign_in_that_nobody_comes_back_from_is_not_made_with_the_same_registration_again(string? answer)
    {
        await using var world = World();
        var authorization = Registering(world);
        await authorization.Tokens.SaveRegistrationAsync("default", Kept(world));
        world.Answer = query => query["client_id"] != "kept" ? $"code=c&state={query["state"]}"
            : answer is null ? throw new AuthorizationException(AuthorizationStep.SignIn, "The sign-in was not finished within 5 minutes.")
            : $"{answer}&state={query["state"]}";

        if (answer?.Length > 0)
        {
            await using var client = await world.ConnectAsync(authorization);
            world.SignIns.Select(asked => asked["client_id"]).Should().Equal("kept", "client-1");
            return;
        }

        await world.Awaiting(it => it.ConnectAsync(authorization)).Should().ThrowAsync<AuthorizationException>();
        world.SignIns.Should().ContainSingle("nobody is asked twice in one go");
        await using var second = await world.ConnectAsync(authorization);
        world.SignIns.Last()["client_id"].Should().Be("client-1");
    }

    [Test]
    public async Task A_person_who_says_no_is_no_reason_to_register_anew()
    {
        await using var world = World();
        var authorization = Registering(world);
        await authorization.Tokens.SaveRegistrationAsync("default", Kept(world));
        world.Answer = query => $"error=access_denied&state={query["state"]}";

        await world.Awaiting(it => it.ConnectAsync(authorization)).Should().ThrowAsync<AuthorizationException>();
        (await authorization.Tokens.FindRegistrationAsync(world.IssuerName, "default"))!.ClientId.Should().Be("kept");
    }

    [Test]
    [AuthorizationRequirement("CL15")]
    public async Task A_secret_of_no_named_server_is_not_shown_to_another_when_the_mcp_server_names_one()
    {
        await using var other = new GuardedWorld();
        await using var world = new GuardedWorld();
        var authorization = world.Authorization with { Clients = [new() { ClientId = "the-client", ClientSecret = "s3cret" }] };
        await using var client = await world.ConnectAsync(authorization);

        world.Good.Clear();
        world.OnResource = call => call.Path.StartsWith("/.well-known", StringComparison.Ordinal)
            ? call.JsonAsync(Site.ResourceOf(world.Resource.Url.OriginalString, other.IssuerName))
            : world.ServeAsync(call);
        var fault = (await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<AuthorizationException>()).Which;

        fault.Message.Should().Contain(world.IssuerName).And.Contain(other.IssuerName).And.Contain("ClientCredentials.Issuer").And.NotContain("s3cret");
        other.TokenRequests.Should().BeEmpty();
        world.SignIns.Should().ContainSingle();
    }

    [Test]
    [AuthorizationRequirement("CL4", "CL15", "CL28")]
    public async Task A_server_that_trusts_another_authorization_server_by_now_has_everything_made_anew_there()
    {
        await using var old = World();
        await using var other = World();
        other.TokenFor(null);
        other.Good.Clear();
        var authorization = Registering(old);
        await using (await old.ConnectAsync(authorization))
            old.Good.Clear();

        old.OnResource = call =>
        {
            foreach (var (token, scopes) in other.Good)
                old.Good[token] = scopes;
            return call.Path.StartsWith("/.well-known", StringComparison.Ordinal)
                ? call.JsonAsync(Site.ResourceOf(old.Resource.Url.OriginalString, other.IssuerName))
                : old.ServeAsync(call);
        };
        await using var client = await old.ConnectAsync(authorization with { SignIn = other.Authorization.SignIn });

        other.Issuer.Calls.Should().OnlyContain(call => !call.Body.Contains("refresh-1") && call.Header("Authorization") == null);
        other.SignIns.Should().ContainSingle().Which["client_id"].Should().Be("client-2", "it registered there too");
    }

    private static ClientCredentials Kept(GuardedWorld world) => new()
    {
        Issuer = world.IssuerName,
        ClientId = "kept",
        AuthMethod = ClientAuthMethod.None,
        RedirectUris = ["http://127.0.0.1:1/callback"],
    };

    private static ClientAuthorization Registering(GuardedWorld world) => world.Authorization with { Clients = [] };

    private GuardedWorld World(Func<HttpCall, bool>? forgets = null)
    {
        var world = new GuardedWorld { MoreToken = Refreshable };
        world.MoreMetadata = $$""","registration_endpoint":"{{world.IssuerName}}/register" """;
        world.OnIssuer = call => call.Path switch
        {
            "/register" => call.JsonAsync($$"""{"client_id":"client-{{++registered}}"}""", 201),
            "/token" when forgets?.Invoke(call) == true => call.JsonAsync("""{"error":"invalid_client"}""", 401),
            _ => world.IssueAsync(call),
        };
        return world;
    }
}
