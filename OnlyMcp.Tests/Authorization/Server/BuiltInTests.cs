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

        JsonElement.Parse(answer.Body).GetProperty("error").GetString().Should().Be("invalid_client", "it answers as an authorization server does");
        answer.Header("WWW-Authenticate").Should().BeNull("nobody asked for a token");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Token Handling", 1, 2, AtEveryRevision = true)]
    [AuthorizationRequirement("RS8", "RS9")]
    public async Task A_token_that_it_gave_opens_the_server_that_it_guards_and_no_other()
    {
        var issuer = new AuthorizationServer(new AuthorizationServerOptions
        {
            Scopes = new Dictionary<string, string> { ["mcp:use"] = "Use it" },
            Clients = [Job],
        });
        var guarded = Guarded(issuer, o => o.Scopes = ["mcp:use"]);
        var other = new GuardedServer(o => (o.AuthorizationServers, o.Verifier) = ([KnownTokens.Issuer], issuer.Verifier));
        await using var host = new McpHttpHost(guarded.Server, "http://127.0.0.1:0/")
            .Mount(other.Server, new McpHttpOptions { Path = "/other", SsePath = "/other/sse", MessagePath = "/other/messages" });
        await host.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };

        var token = await TokenAsync(client, new Uri(host.Address, "/mcp").AbsoluteUri, "mcp:use");

        (await CallAsync(host.Address, "/mcp", token)).Body.Should().Contain("\"text\":\"job\"");
        (await CallAsync(host.Address, "/other", token)).Header("WWW-Authenticate").Should().Contain("another server");
        (await CallAsync(host.Address, "/mcp", token[..^4] + "AAAA")).Status.Should().Be(401);
    }

    [Test]
    [AuthorizationRequirement("AS13")]
    public async Task Who_names_no_resource_means_the_one_server_though_that_has_two_addresses()
    {
        var guarded = Guarded(new AuthorizationServer(new AuthorizationServerOptions { Clients = [Job] }));
        await using var host = await guarded.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };

        var token = await TokenAsync(client, null, null);

        (await CallAsync(host.Address, "/mcp", token)).Body.Should().Contain("\"text\":\"job\"");
    }

    [Test]
    [AuthorizationRequirement("AS13", "RS9")]
    public async Task Of_two_servers_that_share_one_each_takes_its_own_tokens_alone()
    {
        var issuer = new AuthorizationServer(new AuthorizationServerOptions { Clients = [Job] });
        var (first, second) = (Guarded(issuer), Guarded(issuer, o => o.ScopesSupported = ["second:use"]));
        await using var host = new McpHttpHost(first.Server, "http://127.0.0.1:0/")
            .Mount(second.Server, new McpHttpOptions { Path = "/second", SsePath = "/second/sse", MessagePath = "/second/messages" });
        await host.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };

        await FluentActions.Awaiting(() => TokenAsync(client, null, null)).Should().ThrowAsync<InvalidOperationException>().WithMessage("*invalid_target*");
        foreach (var (own, other) in new[] { ("/mcp", "/second"), ("/second", "/mcp") })
        {
            var token = await TokenAsync(client, new Uri(host.Address, own).AbsoluteUri, null);
            (await CallAsync(host.Address, own, token)).Body.Should().Contain("\"text\":\"job\"");
            (await CallAsync(host.Address, other, token)).Header("WWW-Authenticate").Should().Contain("another server");
        }
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Scope Selection Strategy")]
    public async Task What_its_servers_tools_demand_can_be_asked_for_and_is_not_given_unasked()
    {
        var guarded = Guarded(new AuthorizationServer(new AuthorizationServerOptions { Clients = [Job] }), o => o.Scopes = ["notes"]);
        guarded.Server.AddTool("erase", "Erases the notes", [McpScopes("notes:erase")] () => "gone");
        await using var host = await guarded.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };

        var little = await TokenAsync(client, null, null);
        var more = await TokenAsync(client, null, "notes notes:erase");

        var refused = await CallAsync(host.Address, "/mcp", little, "erase");
        refused.Status.Should().Be(403);
        refused.Header("WWW-Authenticate").Should().Contain("scope=\"notes notes:erase\"");
        (await CallAsync(host.Address, "/mcp", more, "erase")).Body.Should().Contain("gone");
        (await client.GetStringAsync("/.well-known/oauth-authorization-server")).Should().Contain("\"scopes_supported\":[\"notes\",\"notes:erase\"]");
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

    private static RegisteredClient Job { get; } = new()
    {
        ClientId = "job",
        SecretHash = RegisteredClient.HashOf("s3cret"),
        Metadata = new ClientMetadata { GrantTypes = [GrantType.ClientCredentials], TokenEndpointAuthMethod = ClientAuthMethod.ClientSecretPost },
    };

    private static async Task<string> TokenAsync(HttpClient client, string? resource, string? scope)
    {
        using var answer = await client.PostAsync("/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = GrantType.ClientCredentials,
            ["client_id"] = "job",
            ["client_secret"] = "s3cret",
            ["scope"] = scope ?? "",
            ["resource"] = resource ?? "",
        }));
        var body = await answer.Content.ReadAsStringAsync();
        return JsonElement.Parse(body).TryGetProperty("access_token", out var token) ? token.GetString()! : throw new InvalidOperationException(body);
    }

    private static async Task<RawResponse> CallAsync(Uri address, string path, string token, string tool = "whoami")
    {
        using var raw = await RawHttp.ConnectAsync(address);
        await raw.SendAsync(
            $"POST {path}",
            Wire.ModernCall(tool),
            [$"Host: {address.Authority}", "Accept: application/json", $"Authorization: Bearer {token}", .. Wire.ModernHeaders(tool)]);
        return await raw.ReadAsync();
    }

    private static GuardedServer Guarded(AuthorizationServer issuer, Action<AuthorizationOptions>? configure = null) => new(o =>
    {
        o.AuthorizationServers = [];
        o.AuthorizationServer = issuer;
        o.Verifier = null;
        configure?.Invoke(o);
    });
}
