using System.Net;
using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>The document that says where tokens come from: where it stands, who may read it, what it says.</summary>
[Spec("2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements")]
public sealed class MetadataDocumentTests
{
    [TestCase("/.well-known/oauth-protected-resource", "https://mcp.example.com/mcp")]
    [TestCase("/.well-known/oauth-protected-resource/mcp", "https://mcp.example.com/mcp")]
    [TestCase("/.well-known/oauth-protected-resource/sse", "https://mcp.example.com/sse")]
    [Spec("2026-07-28 basic/authorization §Overview", 2, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("RS1", "RS2", "RS3", "RS4", "RS6")]
    public async Task Everybody_may_read_it_at_both_places(string path, string resource)
    {
        var guarded = new GuardedServer(o =>
        {
            o.AuthorizationServers = [KnownTokens.Issuer, "https://other.example.com/tenant"];
            o.Scopes = ["mcp:use"];
            o.ResourceDocumentation = new Uri("https://docs.example.com/");
        });

        var http = await guarded.AskAsync(new FakeHttpExchange("GET", path).With("Origin", "https://anybody.example.com"));

        http.Status.Should().Be(200);
        http.ResponseHeaders["Content-Type"].Should().Be("application/json");
        http.ResponseHeaders["Access-Control-Allow-Origin"].Should().Be("*");
        JsonElement.DeepEquals(JsonElement.Parse(http.Body), JsonElement.Parse($$"""
            {
              "resource": "{{resource}}",
              "authorization_servers": ["https://login.example.com", "https://other.example.com/tenant"],
              "scopes_supported": ["mcp:use"],
              "bearer_methods_supported": ["header"],
              "resource_name": "guarded",
              "resource_documentation": "https://docs.example.com/",
              "dpop_signing_alg_values_supported": ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"]
            }
            """)).Should().BeTrue(http.Body);
    }

    [Test]
    [AuthorizationRequirement("RS5")]
    public async Task It_names_the_scopes_to_begin_with_and_none_where_none_are_needed()
    {
        (await ScopesAsync(new GuardedServer())).Should().BeNull();
        (await ScopesAsync(new GuardedServer(o => (o.Scopes, o.ScopesSupported) = (["mcp:use"], ["mcp:use", "files:read"])))).Should().Equal("mcp:use", "files:read");

        static async Task<IReadOnlyList<string>?> ScopesAsync(GuardedServer guarded) => (await DocumentAsync(guarded.Handler, "")).ScopesSupported;
    }

    [Test]
    public async Task A_page_that_sends_headers_of_ours_may_ask_first()
    {
        var http = await new GuardedServer().AskAsync(new FakeHttpExchange("OPTIONS", "/.well-known/oauth-protected-resource/mcp")
            .With("Origin", "https://anybody.example.com")
            .With("Access-Control-Request-Method", "GET")
            .With("Access-Control-Request-Headers", "mcp-protocol-version"));

        http.Status.Should().Be(204);
        http.ResponseHeaders["Access-Control-Allow-Origin"].Should().Be("*");
        http.ResponseHeaders["Access-Control-Allow-Headers"].Should().Be("mcp-protocol-version");
        http.ResponseHeaders["Access-Control-Allow-Methods"].Should().Contain("GET");
    }

    [TestCase("HEAD", 200)]
    [TestCase("POST", 405)]
    [TestCase("DELETE", 405)]
    [TestCase("OPTIONS", 405)]
    public async Task It_is_there_to_be_read(string verb, int status)
    {
        var http = await new GuardedServer().AskAsync(new FakeHttpExchange(verb, "/.well-known/oauth-protected-resource/mcp"));

        http.Status.Should().Be(status);
        http.Body.Should().BeEmpty();
        if (status == 405)
            http.ResponseHeaders["Allow"].Should().Be("GET, HEAD");
    }

    [TestCase("/.well-known/oauth-protected-resource/other")]
    [TestCase("/.well-known/oauth-protected-resource/mcp/")]
    [TestCase("/.well-known/oauth-protected-resource/messages")]
    [TestCase("/.well-known/oauth-authorization-server")]
    public async Task Elsewhere_nothing_stands(string path) =>
        (await new GuardedServer().Handler.HandleAsync(new FakeHttpExchange("GET", path))).Should().BeFalse();

    [Test]
    public async Task Without_a_guard_there_is_no_document()
    {
        await using var handler = new McpHttpHandler(new McpServer("open", "1.0.0"));

        (await handler.HandleAsync(new FakeHttpExchange("GET", "/.well-known/oauth-protected-resource"))).Should().BeFalse();
    }

    [Test]
    public async Task Where_HTTP_SSE_is_not_served_it_has_no_document()
    {
        var guarded = new GuardedServer(options: new McpServerOptions { Revisions = [KnownRevisions.Newest(Era.Modern)] });

        (await guarded.Handler.HandleAsync(new FakeHttpExchange("GET", "/.well-known/oauth-protected-resource/sse"))).Should().BeFalse();
    }

    [Test]
    public async Task Behind_a_proxy_it_speaks_of_the_public_address_and_is_found_with_or_without_the_proxys_path()
    {
        var guarded = new GuardedServer();
        await using var handler = new McpHttpHandler(guarded.Server, new McpHttpOptions { PublicBaseAddress = new Uri("HTTPS://Example.COM/tools/") });
        var unknown = Wire.ModernPost("whoami");
        await handler.HandleAsync(unknown);

        unknown.Challenge()["resource_metadata"].Should().Be("https://example.com/tools/.well-known/oauth-protected-resource/mcp");
        foreach (var path in new[] { "", "/mcp", "/tools/mcp" })
            (await DocumentAsync(handler, path)).Resource.Should().Be("https://example.com/tools/mcp");
    }

    [Test]
    public async Task An_endpoint_at_the_root_is_named_without_a_slash()
    {
        var guarded = new GuardedServer();
        await using var handler = new McpHttpHandler(guarded.Server, GuardedServer.Public with { Path = "/" });

        (await DocumentAsync(handler, "")).Resource.Should().Be("https://mcp.example.com");
    }

    [Test]
    [AuthorizationRequirement("RS3", "RS6")]
    public async Task A_host_on_this_machine_knows_where_it_listens_and_serves_the_documents_of_each_of_its_servers()
    {
        var (first, second, third) = (new McpServer("open", "1.0.0"), new GuardedServer(), new GuardedServer());
        await using var host = new McpHttpHost(first, "http://127.0.0.1:0/")
            .Mount(second.Server, new McpHttpOptions { Path = "/second", SsePath = "/s2", MessagePath = "/m2" })
            .Mount(third.Server, new McpHttpOptions { Path = "/third", SsePath = "/s3", MessagePath = "/m3" });
        await host.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };

        foreach (var (path, resource) in new[] { ("/third", "third"), ("/second", "second"), ("/s3", "s3"), ("", "second") })
        {
            var document = JsonSerializer.Deserialize(
                await client.GetStringAsync($"/.well-known/oauth-protected-resource{path}"), OAuthJson.Wire.ProtectedResourceMetadata)!;
            document.Resource.Should().Be(new Uri(host.Address, resource).AbsoluteUri);
        }

        using var refused = await client.PostAsync("/third", new StringContent("{}"));
        refused.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        refused.Headers.WwwAuthenticate.ToString().Should().Contain($"{host.Address}.well-known/oauth-protected-resource/third");
        using var open = await client.PostAsync("/mcp", new StringContent("{}"));
        open.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType, "the first server asks for no token");
    }

    [Test]
    public async Task The_address_is_never_taken_from_what_a_client_sends()
    {
        var guarded = new GuardedServer();
        await using var host = await guarded.StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /mcp", "{}", "Host: localhost:1", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example");

        (await raw.ReadAsync()).Header("WWW-Authenticate").Should().Contain($"resource_metadata=\"{host.Address}.well-known");
    }

    private static async Task<ProtectedResourceMetadata> DocumentAsync(McpHttpHandler handler, string path)
    {
        var http = new FakeHttpExchange("GET", $"/.well-known/oauth-protected-resource{path}");
        (await handler.HandleAsync(http)).Should().BeTrue();
        return JsonSerializer.Deserialize(http.Body, OAuthJson.Wire.ProtectedResourceMetadata)!;
    }
}
