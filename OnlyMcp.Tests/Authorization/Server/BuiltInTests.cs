using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>An authorization server within the process that it guards.</summary>
public sealed class BuiltInTests
{
    [Test]
    [AuthorizationRequirement("RS1")]
    public async Task It_is_named_by_the_document_and_takes_its_name_from_where_the_host_listens()
    {
        var guarded = Guarded(new AuthorizationServer(new AuthorizationServerOptions()));
        await using var host = await guarded.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };

        var document = JsonSerializer.Deserialize(
            await client.GetStringAsync("/.well-known/oauth-protected-resource/mcp"), OAuthJson.Wire.ProtectedResourceMetadata)!;

        document.AuthorizationServers.Should().Equal(host.Address.GetLeftPart(UriPartial.Authority));
    }

    [Test]
    public async Task Its_routes_are_served_with_the_guarded_servers_and_need_no_token()
    {
        var guarded = Guarded(new AuthorizationServer(new AuthorizationServerOptions()));
        await using var host = await guarded.StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /token", "{}", $"Host: {host.Address.Authority}");

        var answer = await raw.ReadAsync();

        answer.Status.Should().Be(400, answer.Body);
        JsonElement.Parse(answer.Body).TryGetProperty("error", out _).Should().BeTrue("it answers as an authorization server does");
        answer.Header("WWW-Authenticate").Should().BeNull();
    }

    [Test]
    public async Task Behind_a_proxy_its_name_is_the_public_address_unless_it_has_one()
    {
        foreach (var (own, name) in new[] { (null, "https://mcp.example.com"), ("https://login.example.com", "https://login.example.com") })
        {
            var issuer = new AuthorizationServer(new AuthorizationServerOptions { Issuer = own });
            var http = await Guarded(issuer).AskAsync(new FakeHttpExchange("GET", "/.well-known/oauth-protected-resource"));

            issuer.Issuer.Should().Be(name);
            http.Body.Should().Contain($"\"authorization_servers\":[\"{name}\"]");
        }
    }

    [Test]
    public void Tokens_come_from_it_or_from_others()
    {
        var both = () => Guarded(new AuthorizationServer(new AuthorizationServerOptions()), o => o.AuthorizationServers = [KnownTokens.Issuer]);

        both.Should().Throw<ArgumentException>().WithMessage("*set one*");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §MCP Authorization Extensions")]
    [AuthorizationRequirement("RS22")]
    public async Task An_extension_of_authorization_is_declared_like_any_other()
    {
        var guarded = new GuardedServer(options: new McpServerOptions
        {
            Extensions = new Dictionary<string, JsonElement> { ["io.modelcontextprotocol/oauth-client-credentials"] = JsonElement.Parse("{}") },
        });
        guarded.Tokens.Add("ann");

        (await guarded.AskAsync(Ask.Modern("server/discover").Bearing("ann"))).Body.Should().Contain("\"io.modelcontextprotocol/oauth-client-credentials\":{}");
    }

    private static GuardedServer Guarded(AuthorizationServer issuer, Action<AuthorizationOptions>? configure = null) => new(o =>
    {
        o.AuthorizationServers = [];
        o.AuthorizationServer = issuer;
        configure?.Invoke(o);
    });
}
