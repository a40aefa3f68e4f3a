using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>A server that names no authorization server, and is one itself.</summary>
[AuthorizationRequirement("CL7")]
public sealed class ServerAsAuthorizationServerTests
{
    private const string Place = "/.well-known/oauth-authorization-server";

    private static readonly IReadOnlyList<Revision> Old = [KnownRevisions.V20250326];

    [Test]
    [Spec("2025-03-26 basic/authorization §Authorization Base URL", 1, 2)]
    [Spec("2025-03-26 basic/authorization §Overview", 2)]
    [Spec("2025-03-26 basic/authorization §Server Metadata Discovery", 1)]
    [Spec("2025-03-26 basic/authorization §Server Metadata Discovery Headers")]
    public async Task Its_document_stands_at_the_root_of_its_host_and_is_asked_for_in_that_revision()
    {
        await using var site = new Site();
        site.PutServer();

        var plan = await site.DiscoverAsync(revisions: Old, at: new Uri($"{site.Origin}/v1/mcp"));

        plan.IsLegacyFallback.Should().BeTrue();
        plan.Resource.Should().BeNull();
        plan.ResourceIdentifier.Should().BeNull("the revision knows no such parameter");
        plan.Server.TokenEndpoint.Should().Be($"{site.Origin}/give");
        site.Asked.Should().Equal("GET /.well-known/oauth-protected-resource/v1/mcp", "GET /.well-known/oauth-protected-resource", $"GET {Place}");
        site.Calls.Last().Header("MCP-Protocol-Version").Should().Be("2025-03-26");
    }

    [Test]
    [Spec("2025-03-26 basic/authorization §Fallbacks for Servers without Metadata Discovery", 1, 2)]
    public async Task Without_a_document_its_endpoints_are_the_ones_that_were_agreed_on()
    {
        await using var site = new Site();

        var plan = await site.DiscoverAsync(revisions: Old);

        plan.Server.AuthorizationEndpoint.Should().Be($"{site.Origin}/authorize");
        plan.Server.TokenEndpoint.Should().Be($"{site.Origin}/token");
        plan.Server.RegistrationEndpoint.Should().Be($"{site.Origin}/register");
        plan.Server.Issuer.Should().Be(site.Origin);
        site.Asked.Last().Should().Be($"GET {Place}", "the document is looked for first");
        plan.RequireSignIn();
    }

    [TestCase(403)]
    [TestCase(500)]
    [TestCase(200)]
    public async Task The_agreed_endpoints_are_for_404_alone(int status)
    {
        await using var site = new Site();
        site.Put(Place, call => call.RespondAsync(status, "text/html", "<p>hello"));

        (await site.FailAsync(revisions: Old)).Message.Should().Contain($"GET {site.Origin}{Place}: HTTP {status}, text/html, which begins: <p>hello");
    }

    [TestCase("https://other.example")]
    [TestCase("{0}/mcp")]
    public async Task Its_document_is_its_own(string issuer)
    {
        await using var site = new Site();
        site.Put(Place, Site.ServerOf(issuer.Replace("{0}", site.Origin, StringComparison.Ordinal)));

        (await site.FailAsync(revisions: Old)).Message.Should().Contain($"is not that of {site.Origin}");
    }

    [Test]
    public async Task Its_name_may_end_in_a_slash()
    {
        await using var site = new Site();
        site.Put(Place, Site.ServerOf($"{site.Origin}/"));

        (await site.DiscoverAsync(revisions: Old)).Server.Issuer.Should().Be($"{site.Origin}/");
    }

    [Test]
    public async Task A_document_without_proof_keys_is_not_a_reason_to_do_without_them()
    {
        await using var site = new Site();
        site.Put(Place, $$"""{"issuer":"{{site.Origin}}","authorization_endpoint":"{{site.Origin}}/a","token_endpoint":"{{site.Origin}}/t"}""");

        var plan = await site.DiscoverAsync(revisions: Old);

        plan.Invoking(found => found.RequireSignIn()).Should().Throw<AuthorizationException>().WithMessage("*PKCE*");
    }

    [Test]
    public async Task A_bad_document_of_the_mcp_server_is_never_passed_over_for_this()
    {
        await using var site = new Site();
        site.PutServer().Put("/.well-known/oauth-protected-resource/mcp", Site.ResourceOf("https://evil.example/mcp", site.Origin));

        await site.FailAsync(revisions: Old);
        site.Asked.Should().NotContain($"GET {Place}");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Overview", 3, AtEveryRevision = true)]
    public async Task Whether_it_may_be_follows_from_the_revisions_and_the_host_can_say_otherwise()
    {
        await using var site = new Site();
        site.PutServer();

        (await site.DiscoverAsync(revisions: KnownRevisions.All)).IsLegacyFallback.Should().BeTrue();
        (await site.DiscoverAsync(new ClientAuthorization { AllowsServerAsAuthorizationServer = true })).IsLegacyFallback.Should().BeTrue();
        (await site.FailAsync(revisions: [KnownRevisions.V20260728, KnownRevisions.V20251125, KnownRevisions.V20250618])).Message.Should()
            .Contain("does not say who issues them").And.Contain("ClientAuthorization.AuthorizationServer");
        (await site.FailAsync(new ClientAuthorization { AllowsServerAsAuthorizationServer = false }, revisions: Old)).Message.Should().Contain("does not say who issues them");
    }
}
