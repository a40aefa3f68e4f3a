using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>What an authorization server says of itself, found and believed.</summary>
[Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery")]
public sealed class ServerSearchTests
{
    private const string OAuth = "/.well-known/oauth-authorization-server";
    private const string OpenId = "/.well-known/openid-configuration";

    [Test]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery", 1, 2, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Overview", 5, AtEveryRevision = true)]
    [AuthorizationRequirement("CL5")]
    public async Task An_issuer_with_a_path_has_three_places_in_this_order()
    {
        await using var site = new Site();
        site.PutResource($"{site.Origin}/tenant1").Put($"/tenant1{OpenId}", Site.ServerOf($"{site.Origin}/tenant1"));

        (await site.DiscoverAsync()).Server.TokenEndpoint.Should().Be($"{site.Origin}/tenant1/give");
        site.Asked.Skip(1).Should().Equal($"GET {OAuth}/tenant1", $"GET {OpenId}/tenant1", $"GET /tenant1{OpenId}");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery", 1, 3, AtEveryRevision = true)]
    [Spec("2025-06-18 basic/authorization §Overview", 5)]
    [AuthorizationRequirement("CL5")]
    public async Task An_issuer_without_a_path_has_two_places_in_this_order()
    {
        await using var site = new Site();
        site.PutResource(site.Origin).Put(OpenId, Site.ServerOf(site.Origin));

        (await site.DiscoverAsync()).Server.Issuer.Should().Be(site.Origin);
        site.Asked.Skip(1).Should().Equal($"GET {OAuth}", $"GET {OpenId}");
    }

    [Test]
    [AuthorizationRequirement("CL5")]
    public async Task The_first_document_is_the_one()
    {
        await using var site = new Site();
        site.PutResource(site.Origin).PutServer().Put(OpenId, Site.ServerOf("https://other"));

        await site.DiscoverAsync();
        site.Asked.Skip(1).Should().Equal($"GET {OAuth}");
    }

    [TestCase("https://attacker.example")]
    [TestCase("{0}/")]
    [TestCase("{0}/tenant")]
    [TestCase("HTTP://{1}")]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery", 4, 5, 6, AtEveryRevision = true)]
    [AuthorizationRequirement("CL6")]
    public async Task A_document_with_another_issuer_is_not_used_however_alike_it_is(string issuer)
    {
        await using var site = new Site();
        issuer = issuer.Replace("{0}", site.Origin, StringComparison.Ordinal).Replace("{1}", site.Mcp.Authority, StringComparison.Ordinal);
        site.PutResource(site.Origin).Put(OAuth, Site.ServerOf(issuer)).Put(OpenId, Site.ServerOf(site.Origin));

        (await site.FailAsync()).Message.Should().Contain($"is not that of {site.Origin}: its issuer is {issuer}");
    }

    [Test]
    [AuthorizationRequirement("CL6")]
    public async Task An_issuer_with_a_slash_at_its_end_is_compared_with_it()
    {
        await using var site = new Site();
        site.PutResource($"{site.Origin}/").Put(OAuth, Site.ServerOf($"{site.Origin}/"));

        (await site.DiscoverAsync()).Server.Issuer.Should().Be($"{site.Origin}/");
    }

    [TestCase("http://auth.example", "plain http")]
    [TestCase("https://169.254.169.254", "nearer to this machine")]
    [TestCase("https://user@auth.example", "user information")]
    [TestCase("https://auth.example?tenant=1", "a query or a fragment")]
    [TestCase("https://auth.example#x", "a query or a fragment")]
    [TestCase("javascript:alert(1)", "'javascript'")]
    [TestCase("auth.example", "no absolute address")]
    [TestCase("", "no absolute address")]
    [AuthorizationRequirement("CL9", "G3")]
    public async Task An_issuer_is_a_strangers_word(string issuer, string reason)
    {
        await using var site = new Site();
        site.PutResource(issuer);

        (await site.FailAsync()).Message.Should().Contain("which was not asked").And.Contain(reason);
        site.Calls.Should().HaveCount(1);
    }

    [TestCase("authorization_endpoint", "javascript:alert(1)", "'javascript'")]
    [TestCase("authorization_endpoint", "file:///c:/windows/system32/calc.exe", "'file'")]
    [TestCase("authorization_endpoint", "data:text/html,<script>", "'data'")]
    [TestCase("authorization_endpoint", "a:$(calc.exe)?response_type=code", "'a'|no absolute address")]
    [TestCase("authorization_endpoint", "http://auth.example/authorize", "plain http")]
    [TestCase("authorization_endpoint", "/authorize", "'file'|no absolute address")]
    [TestCase("authorization_endpoint", "https://auth.example/authorize#x", "a fragment")]
    [TestCase("token_endpoint", "http://auth.example/token", "plain http")]
    [TestCase("token_endpoint", "https://169.254.169.254/token", "nearer to this machine")]
    [TestCase("token_endpoint", "https://user:pass@auth.example/token", "user information")]
    [TestCase("registration_endpoint", "ftp://auth.example/register", "'ftp'")]
    [TestCase("revocation_endpoint", "", "no absolute address")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("G3", "CL9")]
    public async Task An_endpoint_that_could_do_something_else_is_refused_before_anything_is_opened(string name, string endpoint, string reason)
    {
        await using var site = new Site();
        var good = $$"""{"issuer":"{{site.Origin}}","authorization_endpoint":"{{site.Origin}}/a","token_endpoint":"{{site.Origin}}/t","registration_endpoint":"{{site.Origin}}/r"}""";
        var bad = System.Text.Json.Nodes.JsonNode.Parse(good)!;
        bad[name] = endpoint;
        site.PutResource(site.Origin).Put(OAuth, bad.ToJsonString());

        var message = (await site.FailAsync()).Message;

        message.Should().Contain($"names as its {name}");
        reason.Split('|').Should().Contain(word => message.Contains(word, StringComparison.Ordinal));
    }

    [Test]
    public async Task A_server_without_a_token_endpoint_is_of_no_use()
    {
        await using var site = new Site();
        site.PutResource(site.Origin).Put(OAuth, $$"""{"issuer":"{{site.Origin}}","authorization_endpoint":"{{site.Origin}}/a"}""");

        (await site.FailAsync()).Message.Should().Be($"The authorization server {site.Origin} names no token_endpoint.");
    }

    [Test]
    public async Task A_server_whose_document_is_nowhere_is_told_with_all_that_was_tried()
    {
        await using var site = new Site();
        site.PutResource(site.Origin).Put(OpenId, call => call.RespondAsync(200, "text/html", "<h1>Sign in</h1>"));

        (await site.FailAsync()).Message.Should()
            .Contain($"GET {site.Origin}{OAuth}: HTTP 404").And.Contain($"GET {site.Origin}{OpenId}: HTTP 200, text/html, which begins: <h1>Sign in</h1>")
            .And.Contain("ClientAuthorization.AuthorizationServer");
    }

    [Test]
    public async Task A_server_in_trouble_ends_the_search()
    {
        await using var site = new Site();
        site.PutResource(site.Origin).Put(OAuth, call => call.RespondAsync(500, "text/plain", "oops")).Put(OpenId, Site.ServerOf(site.Origin));

        (await site.FailAsync()).Message.Should().Contain("HTTP 500, text/plain, which begins: oops");
        site.Asked.Should().NotContain($"GET {OpenId}");
    }

    [Test]
    public async Task A_server_that_is_gone_ends_the_search()
    {
        await using var site = new Site();
        var gone = new Site();
        await gone.DisposeAsync();
        site.PutResource(gone.Origin);

        (await site.FailAsync()).Message.Should().Contain($"GET {gone.Origin}{OAuth} was not answered");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location")]
    [AuthorizationRequirement("CL4")]
    public async Task Of_several_servers_the_first_is_taken_unless_the_host_chooses_or_is_known_to_one()
    {
        await using var other = new Site();
        await using var site = new Site();
        other.PutServer();
        site.PutServer().PutResource(site.Origin, other.Origin);
        ClientCredentials known = new() { ClientId = "c", Issuer = other.Origin };

        (await site.DiscoverAsync()).Server.Issuer.Should().Be(site.Origin);
        (await site.DiscoverAsync(new ClientAuthorization { ChooseAuthorizationServer = (issuers, _) => new(issuers[^1]) })).Server.Issuer.Should().Be(other.Origin);
        (await site.DiscoverAsync(new ClientAuthorization { Clients = [known] })).Server.Issuer.Should().Be(other.Origin);
    }

    [Test]
    [AuthorizationRequirement("CL4")]
    public async Task A_host_that_chooses_another_is_told_so()
    {
        await using var site = new Site();
        site.PutServer().PutResource(site.Origin);

        (await site.FailAsync(new ClientAuthorization { ChooseAuthorizationServer = (_, _) => new("https://mine.example") })).Message.Should()
            .Contain("https://mine.example, which is none of those that the server trusts").And.Contain(site.Origin);
    }

    [Test]
    [AuthorizationRequirement("CL8")]
    public async Task What_the_host_knows_of_the_server_is_not_asked_for()
    {
        await using var site = new Site();
        site.PutResource("https://named.example");
        AuthorizationServerMetadata known = new() { Issuer = "https://known.example", TokenEndpoint = "https://known.example/token" };

        var plan = await site.DiscoverAsync(new ClientAuthorization { AuthorizationServer = known });

        plan.Server.Should().BeSameAs(known);
        plan.ResourceIdentifier.Should().Be($"{site.Origin}/mcp");
        site.Calls.Should().HaveCount(1);
    }

    [Test]
    [AuthorizationRequirement("CL8")]
    public async Task What_the_host_knows_also_serves_where_the_mcp_server_says_nothing()
    {
        await using var site = new Site();
        AuthorizationServerMetadata known = new() { Issuer = "https://known.example", TokenEndpoint = "https://known.example/token" };

        var plan = await site.DiscoverAsync(new ClientAuthorization { AuthorizationServer = known });

        plan.Resource.Should().BeNull();
        plan.IsLegacyFallback.Should().BeFalse();
        plan.ResourceIdentifier.Should().Be($"{site.Origin}/mcp");
    }
}
