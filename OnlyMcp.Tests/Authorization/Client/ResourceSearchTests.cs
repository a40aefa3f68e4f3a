using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>What an MCP server says of itself, found and believed.</summary>
[Spec("2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements")]
public sealed class ResourceSearchTests
{
    private const string AtPath = "/.well-known/oauth-protected-resource/mcp";
    private const string AtRoot = "/.well-known/oauth-protected-resource";

    [Test]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements", 2, 4, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Overview", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("CL1", "CL2")]
    public async Task The_document_that_the_challenge_names_is_taken_and_no_other_is_looked_at()
    {
        await using var site = new Site();
        site.PutServer().PutResource("https://not.this.one").Put("/custom/place.json", Site.ResourceOf($"{site.Origin}/mcp", site.Origin));

        var plan = await site.DiscoverAsync(challenge: $"Basic realm=\"x\", Bearer error=\"invalid_token\", resource_metadata=\"{site.Origin}/custom/place.json\"");

        plan.Server.Issuer.Should().Be(site.Origin);
        plan.Resource!.AuthorizationServers.Should().Equal(site.Origin);
        site.Asked.Should().Equal("GET /custom/place.json", "GET /.well-known/oauth-authorization-server");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("CL2")]
    public async Task Without_a_name_the_document_of_the_path_comes_before_the_one_of_the_host()
    {
        await using var site = new Site();
        site.PutServer().PutResource(site.Origin).Put(AtRoot, Site.ResourceOf(site.Origin, "https://not.this.one"));

        (await site.DiscoverAsync(challenge: "Bearer")).ResourceIdentifier.Should().Be($"{site.Origin}/mcp");
        site.Asked.Should().StartWith($"GET {AtPath}").And.NotContain($"GET {AtRoot}");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("CL2", "CL3")]
    public async Task The_document_of_the_host_is_about_the_host([Values(401, 403, 404, 405)] int status)
    {
        await using var site = new Site();
        site.PutServer().Put(AtPath, call => call.RespondAsync(status)).Put(AtRoot, Site.ResourceOf(site.Origin, site.Origin));

        var plan = await site.DiscoverAsync();

        plan.ResourceIdentifier.Should().Be(site.Origin, "a token is asked for by the name that the server goes by, letter by letter");
        site.Asked.Should().Equal($"GET {AtPath}", $"GET {AtRoot}", "GET /.well-known/oauth-authorization-server");
    }

    [TestCase("https://evil.example.com")]
    [TestCase("{0}/other")]
    [Spec("2026-07-28 basic/authorization §Resource Parameter Implementation", 3)]
    [AuthorizationRequirement("CL3")]
    public async Task The_document_of_the_host_is_not_used_if_it_is_about_something_else(string resource)
    {
        await using var site = new Site();
        resource = string.Format(System.Globalization.CultureInfo.InvariantCulture, resource, site.Origin);
        site.PutServer().Put(AtRoot, Site.ResourceOf(resource, site.Origin));

        (await site.FailAsync()).Message.Should().Contain("is about the resource").And.Contain($"not about {site.Mcp}");
        site.Asked.Should().Equal([$"GET {AtPath}", $"GET {AtRoot}"], "nothing is asked of an authorization server then");
    }

    [Test]
    public async Task A_document_names_up_to_20_authorization_servers()
    {
        await using var site = new Site();
        site.PutServer().PutResource([site.Origin, .. Enumerable.Range(1, 20).Select(number => $"https://login-{number}.example.com")]);
        (await site.FailAsync()).Message.Should().Contain("names none or more than 20");

        site.PutResource([site.Origin, .. Enumerable.Range(1, 19).Select(number => $"https://login-{number}.example.com")]);
        (await site.DiscoverAsync()).Server.Issuer.Should().Be(site.Origin);
    }

    [Test]
    [AuthorizationRequirement("CL2")]
    public async Task A_server_at_the_root_has_one_place_for_its_document()
    {
        await using var site = new Site();
        site.PutServer().Put(AtRoot, Site.ResourceOf(site.Origin, site.Origin));

        (await site.DiscoverAsync(at: new Uri(site.Origin))).ResourceIdentifier.Should().Be(site.Origin);
        site.Asked.Should().Equal($"GET {AtRoot}", "GET /.well-known/oauth-authorization-server");
    }

    [TestCase("https://evil.example.com/mcp")]
    [TestCase("{0}/other")]
    [TestCase("{0}/MCP")]
    [TestCase("{0}/mcp?tenant=2")]
    [TestCase("{0}")]
    [TestCase("")]
    [TestCase("mcp")]
    [Spec("2026-07-28 basic/authorization §Resource Parameter Implementation", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("CL3")]
    public async Task A_document_about_another_resource_is_not_used(string resource)
    {
        await using var site = new Site();
        site.PutServer().Put(AtPath, Site.ResourceOf(string.Format(System.Globalization.CultureInfo.InvariantCulture, resource, site.Origin), site.Origin));

        foreach (var challenge in new[] { "Bearer", $"Bearer resource_metadata=\"{site.Origin}{AtPath}\"" })
            (await site.FailAsync(challenge: challenge)).Message.Should().Contain("is about the resource").And.Contain($"not about {site.Mcp}");
        site.Asked.Should().OnlyContain(asked => asked == $"GET {AtPath}", "nothing is asked of an authorization server then");
    }

    [TestCase("/mcp/", "{0}/mcp")]
    [TestCase("/mcp", "{0}/mcp/")]
    [TestCase("/", "{0}/")]
    [Spec("2026-07-28 basic/authorization §Canonical Server URI")]
    [AuthorizationRequirement("CL3")]
    public async Task A_slash_at_the_end_is_no_other_resource_and_the_name_stays_as_it_is_spelt(string path, string resource)
    {
        await using var site = new Site();
        resource = string.Format(System.Globalization.CultureInfo.InvariantCulture, resource, site.Origin);
        site.PutServer().Put("/doc", Site.ResourceOf(resource, site.Origin));

        (await site.DiscoverAsync(at: new Uri(site.Origin + path), challenge: $"Bearer resource_metadata={site.Origin}/doc")).ResourceIdentifier.Should().Be(resource);
    }

    [TestCase("""{"resource":"{0}"}""", "names none or more than 20")]
    [TestCase("""{"resource":"{0}","authorization_servers":[]}""", "names none or more than 20")]
    [TestCase("""{"resource":"{0}","authorization_servers":[null]}""", "names none or more than 20")]
    [TestCase("""{"resource":"{0}","authorization_servers":"https://a"}""", "the value at $.authorization_servers")]
    [TestCase("""{"authorization_servers":["https://a"]}""", "cannot be read")]
    [TestCase("""{"resource":"{0}","resource":"https://evil","authorization_servers":["https://a"]}""", "cannot be read")]
    [TestCase("[]", "cannot be read")]
    [TestCase("null", "null came")]
    [TestCase("{", "cannot be read")]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location")]
    public async Task A_document_that_says_nothing_useful_is_an_error_and_nobody_guesses(string document, string reason)
    {
        await using var site = new Site();
        site.PutServer().Put(AtPath, document.Replace("{0}", $"{site.Origin}/mcp", StringComparison.Ordinal));

        (await site.FailAsync(new ClientAuthorization { AllowsServerAsAuthorizationServer = true })).Message.Should().Contain(reason);
        site.Asked.Should().Equal($"GET {AtPath}");
    }

    [TestCase("metadata.json", "no address")]
    [TestCase("https://169.254.169.254/latest/meta-data", "nearer to this machine")]
    [TestCase("http://metadata.google.internal/computeMetadata", "plain http")]
    [TestCase("file:///etc/passwd", "'file'")]
    [AuthorizationRequirement("CL9")]
    public async Task An_address_in_a_challenge_is_a_strangers_word(string named, string reason)
    {
        await using var site = new Site();
        site.PutServer().PutResource(site.Origin);

        (await site.FailAsync(challenge: $"Bearer resource_metadata=\"{named}\"")).Message.Should().Contain(reason);
        site.Calls.Should().BeEmpty();
    }

    [Test]
    [AuthorizationRequirement("CL2")]
    public async Task A_named_document_that_is_not_there_is_an_error()
    {
        await using var site = new Site();
        site.PutServer().PutResource(site.Origin);

        var fault = await site.FailAsync(challenge: $"Bearer resource_metadata=\"{site.Origin}/gone\"");

        fault.Message.Should().Contain($"GET {site.Origin}/gone: HTTP 404, text/plain, which begins: nothing here.");
        site.Asked.Should().Equal("GET /gone");
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(429)]
    [TestCase(304)]
    [AuthorizationRequirement("CL2", "CL7")]
    public async Task A_server_in_trouble_is_asked_again_later_and_not_taken_for_one_without_a_document(int status)
    {
        await using var site = new Site();
        site.PutServer().Put(AtPath, call => call.RespondAsync(status));

        (await site.FailAsync(new ClientAuthorization { AllowsServerAsAuthorizationServer = true })).Message.Should().Contain($"HTTP {status}").And.Contain("Try again later");
        site.Calls.Should().HaveCount(1);
    }

    [Test]
    public async Task A_web_page_in_the_place_of_the_document_is_shown()
    {
        await using var site = new Site();
        site.Put(AtPath, Page).Put(AtRoot, Page);

        var fault = await site.FailAsync();

        fault.Message.Should().Contain("HTTP 200, text/html, which begins: <!doctype html><title>Welcome").And.Contain("ClientAuthorization.AuthorizationServer");
    }

    [Test]
    public async Task A_document_of_no_type_is_not_read()
    {
        await using var site = new Site();
        site.PutServer().Put(AtPath, call => call.RespondAsync(200, "text/plain", Site.ResourceOf($"{site.Origin}/mcp", site.Origin)));

        (await site.FailAsync()).Message.Should().Contain("HTTP 200, text/plain");
    }

    private static Task Page(HttpCall call) => call.RespondAsync(200, "text/html", "<!doctype html><title>Welcome</title>");
}
