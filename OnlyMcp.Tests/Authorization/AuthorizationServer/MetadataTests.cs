using System.Text.Json;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>What an authorization server tells about itself, and where.</summary>
public sealed class MetadataTests
{
    [TestCase("/.well-known/oauth-authorization-server")]
    [TestCase("/.well-known/openid-configuration")]
    [Spec("2026-07-28 basic/authorization §Overview", 4, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Authorization Response Validation", 2, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/security-considerations §Authorization Code Protection", 8, AtEveryRevision = true)]
    [Spec("2025-06-18 basic/authorization §Overview", 4)]
    [AuthorizationRequirement("AS1", "AS4")]
    [Spec("2025-03-26 basic/authorization §Authorization Base URL", 2)]
    public async Task The_metadata_stands_at_the_root_of_the_host(string path)
    {
        await using var world = await StartAsync();
        var answer = await world.GetAsync(path);

        answer.Status.Should().Be(200);
        answer.Headers["Content-Type"].Should().Be("application/json");
        answer.Headers["Access-Control-Allow-Origin"].Should().Be("*");
        var origin = world.Address.GetLeftPart(UriPartial.Authority);
        Text(answer, "issuer").Should().Be(origin).And.Be(world.Server.Issuer);
        Text(answer, "authorization_endpoint").Should().Be($"{origin}/authorize");
        Text(answer, "token_endpoint").Should().Be($"{origin}/token");
        Text(answer, "revocation_endpoint").Should().Be($"{origin}/revoke");
        Text(answer, "jwks_uri").Should().Be($"{origin}/jwks");
        Texts(answer, "response_types_supported").Should().Equal("code");
        Texts(answer, "grant_types_supported").Should().Contain("authorization_code").And.Contain("refresh_token");
        Texts(answer, "code_challenge_methods_supported").Should().Equal("S256");
        Texts(answer, "token_endpoint_auth_methods_supported").Should().Contain("none");
        Texts(answer, "scopes_supported").Should().Equal("notes:read", "notes:write");
        answer.Json.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().Should().BeTrue();
    }

    [Test]
    [Spec("2025-03-26 basic/authorization §Overview", 3)]
    [AuthorizationRequirement("AS2")]
    [Spec("2025-03-26 basic/authorization §Fallbacks for Servers without Metadata Discovery")]
    public async Task Clients_that_read_no_metadata_find_the_usual_paths_beside_those_that_were_chosen()
    {
        await using var world = await StartAsync(options => options with
        {
            AuthorizePath = "/api/oauth/authorize",
            TokenPath = "/api/oauth/token",
        });
        var metadata = await world.GetAsync("/.well-known/oauth-authorization-server");
        Text(metadata, "authorization_endpoint").Should().EndWith("/api/oauth/authorize");
        Text(metadata, "token_endpoint").Should().EndWith("/api/oauth/token");

        foreach (var prefix in new[] { "", "/api/oauth" })
        {
            using var person = new Person();
            var asked = new Asked();
            var answer = await person.AllowAsync(new Uri(world.Address, prefix + world.Authorization(asked).PathAndQuery));
            var form = $"grant_type=authorization_code&client_id=native&code={CodeOf(answer)}&code_verifier={asked.Verifier}";
            (await world.PostAsync($"{prefix}/token", form)).Tokens.AccessToken.Should().NotBeEmpty();
        }
    }

    [Test]
    [AuthorizationRequirement("AS3")]
    [Spec("2025-03-26 basic/authorization §Server Metadata Discovery Headers")]
    public async Task Every_revision_reads_the_same_metadata()
    {
        await using var world = await StartAsync();
        var without = await world.GetAsync("/.well-known/oauth-authorization-server");
        var with = await world.SendAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server", ("MCP-Protocol-Version", "2025-03-26"));
        with.Text.Should().Be(without.Text);
    }

    [Test]
    public async Task Another_name_of_this_machine_reads_the_same_and_a_foreign_one_nothing()
    {
        await using var world = await StartAsync();
        var usual = await world.GetAsync("/.well-known/oauth-authorization-server");
        var other = await world.SendAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server", ("Host", $"localhost:{world.Address.Port}"));
        other.Text.Should().Be(usual.Text);

        var rebound = new FakeHttpExchange("GET", "/authorize?client_id=native").With("Host", "evil.example");
        (await world.Server.HandleAsync(rebound)).Should().BeTrue();
        rebound.Status.Should().Be(403);
        rebound.Body.Should().NotContain("<form");
    }

    [Test]
    public async Task An_issuer_with_a_path_is_found_where_its_clients_look_with_and_without_a_proxy_that_takes_the_path_off()
    {
        var server = new AuthorizationServer(Options with { Issuer = "https://example.com/tenant/" });
        server.Issuer.Should().Be("https://example.com/tenant");
        foreach (var path in new[]
        {
            "/.well-known/oauth-authorization-server/tenant", "/.well-known/openid-configuration/tenant", "/tenant/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
        })
        {
            var http = new FakeHttpExchange("GET", path).With("Host", "example.com");
            (await server.HandleAsync(http)).Should().BeTrue(path);
            JsonElement.Parse(http.Body).GetProperty("token_endpoint").GetString().Should().Be("https://example.com/tenant/token");
        }
    }

    [TestCase("http://login.example.com")]
    [TestCase("ftp://127.0.0.1")]
    [TestCase("https://login.example.com?tenant=1")]
    [TestCase("https://login.example.com#here")]
    [TestCase("https://me@login.example.com")]
    [TestCase("login.example.com")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("G3")]
    public void An_issuer_that_passwords_should_not_travel_to_is_refused(string issuer)
    {
        var make = () => new AuthorizationServer(Options with { Issuer = issuer });
        make.Should().Throw<ArgumentException>().WithMessage($"*{issuer}*https*");
    }

    [Test]
    public void Options_that_do_not_fit_are_refused_with_what_would()
    {
        Refusal(Options with { TokenPath = "token" }).Should().Contain("begins with '/'");
        Refusal(Options with { TokenPath = "/authorize" }).Should().Contain("/authorize");
        Refusal(Options with { CodeLifetime = TimeSpan.FromHours(1) }).Should().Contain("ten minutes");
        Refusal(Options with { AccessTokenLifetime = TimeSpan.Zero }).Should().Contain("AccessTokenLifetime");
        Refusal(Options with { RegistrationLifetime = TimeSpan.MaxValue }).Should().Contain("RegistrationLifetime");
        Refusal(Options with { UnusedRegistrationLifetime = TimeSpan.Zero }).Should().Contain("UnusedRegistrationLifetime");
        Refusal(Options with { KeyLifetime = TimeSpan.FromSeconds(1) }).Should().Contain("KeyLifetime");
        Refusal(Options with { KeyLifetime = TimeSpan.FromDays(1), AccessTokenLifetime = TimeSpan.FromDays(365) }).Should().Contain("KeyLifetime");
        Refusal(Options with { DefaultScopes = ["other"] }).Should().Contain("'other'");
        Refusal(Options with { Scopes = new Dictionary<string, string> { ["two words"] = "" } }).Should().Contain("'two words'");
        Refusal(Options with { Resources = ["mcp"] }).Should().Contain("https://example.com/mcp");
    }

    [Test]
    public async Task Without_a_name_the_server_says_what_to_set_and_serves_nothing()
    {
        var server = new AuthorizationServer(Options);
        var name = () => server.Issuer;
        name.Should().Throw<InvalidOperationException>().WithMessage("*AuthorizationServerOptions.Issuer*");

        var http = new FakeHttpExchange("GET", "/.well-known/oauth-authorization-server");
        (await server.HandleAsync(http)).Should().BeTrue();
        http.Status.Should().Be(500);
    }

    [Test]
    public async Task Pages_of_other_sites_may_ask_for_tokens_and_a_wrong_verb_is_told_the_right_ones()
    {
        await using var world = await StartAsync();
        var preflight = await world.SendAsync(HttpMethod.Options, "/token", ("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization"));
        preflight.Status.Should().Be(204);
        preflight.Headers["Access-Control-Allow-Origin"].Should().Be("*");
        preflight.Headers["Access-Control-Allow-Headers"].Should().Be("authorization");

        var wrong = await world.GetAsync("/token");
        wrong.Status.Should().Be(405);
        wrong.Headers["Allow"].Should().Be("POST");

        var page = await world.SendAsync(HttpMethod.Options, "/authorize", ("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "POST"));
        page.Status.Should().Be(405);
        page.Headers.Should().NotContainKey("Access-Control-Allow-Origin");
    }

    [Test]
    public async Task An_answer_to_HEAD_has_no_body_and_other_paths_are_somebody_elses()
    {
        await using var world = await StartAsync();
        (await world.SendAsync(HttpMethod.Head, "/.well-known/oauth-authorization-server")).Text.Should().BeEmpty();
        (await world.Server.HandleAsync(new FakeHttpExchange("GET", "/elsewhere"))).Should().BeFalse();
    }

    [Test]
    public async Task Who_comes_while_too_many_are_served_is_told_to_come_back()
    {
        await using var world = await StartAsync(options => options with { MaxConcurrentRequests = 1 });
        var slow = new FakeHttpExchange("POST", "/token", "") { BodyNeverComes = true }.With("Content-Length", "10");
        var waiting = world.Server.HandleAsync(slow).AsTask();

        var busy = await world.GetAsync("/.well-known/oauth-authorization-server");
        busy.Status.Should().Be(503);
        busy.Headers.Should().ContainKey("Retry-After");
        busy.Error.Should().Be("temporarily_unavailable");

        slow.Abort(0);
        await waiting;
        (await world.GetAsync("/.well-known/oauth-authorization-server")).Status.Should().Be(200);
    }

    // Attacks: memory and places held by bodies that do not come.
    [TestCase("/token", "application/x-www-form-urlencoded")]
    [TestCase("/revoke", "application/x-www-form-urlencoded")]
    [TestCase("/register", "application/json")]
    [TestCase("/authorize", "application/x-www-form-urlencoded")]
    public async Task A_body_that_does_not_come_holds_its_place_for_ten_seconds(string path, string type)
    {
        var time = new ManualTime();
        await using var world = await StartAsync(options => options with { MaxConcurrentRequests = 1, TimeProvider = time });
        var slow = new FakeHttpExchange("POST", path, "") { BodyNeverComes = true }.With("Content-Length", "10").With("Content-Type", type);
        var waiting = world.Server.HandleAsync(slow).AsTask();
        while (!time.HasTimerIn(TimeSpan.FromSeconds(10)))
            await Task.Yield();

        time.Advance(TimeSpan.FromSeconds(10));
        await waiting;

        slow.Status.Should().Be(408);
        (await world.GetAsync("/.well-known/oauth-authorization-server")).Status.Should().Be(200);
    }

    private static string Refusal(AuthorizationServerOptions options)
    {
        var make = () => new AuthorizationServer(options);
        return make.Should().Throw<ArgumentException>().Which.Message;
    }

    private static string? Text(EndpointAnswer answer, string name) => answer.Json.GetProperty(name).GetString();

    private static IEnumerable<string?> Texts(EndpointAnswer answer, string name) => answer.Json.GetProperty(name).EnumerateArray().Select(value => value.GetString());
}
