using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>Who is let in, and what everybody else is told.</summary>
public sealed class GuardTests
{
    private const string Metadata = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

    [Test]
    [Spec("2026-07-28 basic/authorization §Error Handling", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Token Handling", 4, AtEveryRevision = true)]
    [Spec("2025-06-18 basic/authorization §Authorization Server Location", 3)]
    [AuthorizationRequirement("RS14", "RS15")]
    public async Task Without_a_token_a_request_is_told_where_to_get_one_and_for_what()
    {
        var http = await new GuardedServer(o => o.Scopes = ["mcp:use", "mcp:more"]).CallAsync("whoami");

        http.Status.Should().Be(401);
        http.ResponseHeaders["WWW-Authenticate"].Should().Be($"Bearer scope=\"mcp:use mcp:more\", resource_metadata=\"{Metadata}\"");
        http.Body.Should().Contain("\"error\"").And.Contain(Metadata).And.NotContain("\"result\"");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Token Handling", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("RS8")]
    public async Task With_a_good_token_a_request_is_answered_for_its_subject()
    {
        var guarded = new GuardedServer(o => o.Scopes = ["mcp:use"]);
        guarded.Tokens.Add("ann", "mcp:use other");

        var http = await guarded.CallAsync("whoami", "ann");

        http.Status.Should().Be(200, http.Body);
        http.Body.Should().Contain("\"text\":\"ann\"");
        http.ResponseHeaders.Should().NotContainKey("WWW-Authenticate");
    }

    [TestCase("bearer ann", 200)]
    [TestCase("BEARER   ann  ", 200)]
    [TestCase("Basic YW5uOmFubg==", 401)]
    [TestCase("", 401)]
    [TestCase("ann", 401)]
    [TestCase("Bearer", 400)]
    [TestCase("Bearer ", 400)]
    [TestCase("Bearer ann bob", 400)]
    [TestCase("Bearer ann, Bearer bob", 400)]
    [TestCase("Bearer ann,Bearer ann", 400)]
    [TestCase("Bearer ann\u00e4", 400)]
    [TestCase("Bearer ==", 400)]
    [TestCase("Bearer \"ann\"", 400)]
    [Spec("2026-07-28 basic/authorization §Token Requirements", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Error Handling", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("RS7", "RS19")]
    public async Task A_token_stands_in_the_header_in_one_way(string header, int status)
    {
        var guarded = new GuardedServer();
        guarded.Tokens.Add("ann").Add("bob");

        var http = await guarded.AskAsync(Wire.ModernPost("whoami").With("Authorization", header));

        http.Status.Should().Be(status, http.Body);
        if (status == 200)
            return;

        http.Challenge()["error"].Should().Be(status == 400 ? "invalid_request" : null);
        http.Challenge()["resource_metadata"].Should().Be(Metadata);
        guarded.Tokens.Asked.Should().BeEmpty("it is nobody's token");
        http.Closes.Should().BeTrue("the body was not read");
    }

    [Test]
    public async Task A_huge_token_is_not_even_verified()
    {
        var guarded = new GuardedServer();

        var http = await guarded.CallAsync("whoami", new string('a', 17 * 1024));

        http.Status.Should().Be(400);
        http.Body.Should().NotContain("aaaa");
        guarded.Tokens.Asked.Should().BeEmpty();
    }

    [TestCase("/mcp?access_token=ann", null, 401)]
    [TestCase("/mcp?a=b&access%5Ftoken=ann", null, 401)]
    [TestCase("/mcp?access_token=ann", "ann", 400)]
    [TestCase("/mcp?access_token", "ann", 400)]
    [TestCase("/mcp?access_tokens=ann", "ann", 200)]
    [Spec("2026-07-28 basic/authorization §Token Requirements", 4, AtEveryRevision = true)]
    [AuthorizationRequirement("RS7")]
    public async Task A_token_in_the_query_is_none(string target, string? token, int status)
    {
        var guarded = new GuardedServer();
        guarded.Tokens.Add("ann");
        var http = new FakeHttpExchange("POST", target, Wire.ModernCall("whoami"))
            .With("MCP-Protocol-Version", Wire.Modern).With("Mcp-Method", "tools/call").With("Mcp-Name", "whoami").Bearing(token);

        await guarded.AskAsync(http);

        http.Status.Should().Be(status, http.Body);
        if (status == 401)
            http.Body.Should().Contain("query").And.NotContain("=ann");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Token Handling", 2, 3, 6, 7, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/security-considerations §Access Token Privilege Restriction", 2, 3, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/security-considerations §Access Token Privilege Restriction", 4, AtEveryRevision = true)]
    [AuthorizationRequirement("RS9", "RS10", "RS14", "RS15")]
    public async Task A_token_for_another_server_is_refused_whatever_the_verifier_says()
    {
        var guarded = new GuardedServer();
        guarded.Tokens.Add("ann", change: token => token with { Audiences = ["https://mcp.example.com/other", "https://mcp.example.com"] });

        var http = await guarded.CallAsync("whoami", "ann");

        http.Status.Should().Be(401);
        http.Challenge()["error"].Should().Be("invalid_token");
        http.Challenge()["error_description"].Should().Contain("another server");
        http.Challenge()["resource_metadata"].Should().Be(Metadata);
    }

    [TestCase("https://mcp.example.com/mcp")]
    [TestCase("HTTPS://MCP.Example.com/mcp")]
    [TestCase("https://mcp.example.com:443/mcp")]
    [TestCase("https://mcp.example.com/sse")]
    [TestCase("api://tools")]
    [AuthorizationRequirement("RS6", "RS9")]
    public async Task A_token_names_the_server_in_any_spelling_of_its_address_or_by_a_name_that_it_goes_by(string audience)
    {
        var guarded = new GuardedServer(o => o.Audiences = ["api://tools"]);
        guarded.Tokens.Add("ann", change: token => token with { Audiences = ["https://elsewhere.example.com", audience] });

        (await guarded.CallAsync("whoami", "ann")).Status.Should().Be(200);
    }

    [TestCase(-61, 401)]
    [TestCase(-59, 200)]
    [TestCase(1, 200)]
    [Spec("2026-07-28 basic/authorization §Token Handling", 4, AtEveryRevision = true)]
    [AuthorizationRequirement("RS8", "RS14")]
    public async Task An_expired_token_is_refused_but_for_the_difference_of_clocks(int secondsLeft, int status)
    {
        var time = new ManualTime();
        var guarded = new GuardedServer(options: new McpServerOptions { TimeProvider = time });
        guarded.Tokens.Add("ann", change: token => token with { ExpiresAt = time.GetUtcNow().AddSeconds(secondsLeft) });

        var http = await guarded.CallAsync("whoami", "ann");

        http.Status.Should().Be(status, http.Body);
        if (status == 401)
            http.Challenge()["error_description"].Should().Contain("expired");
    }

    [Test]
    [AuthorizationRequirement("RS8")]
    public async Task A_token_that_never_expires_is_good_to_the_end_of_time()
    {
        var guarded = new GuardedServer();
        guarded.Tokens.Add("ann", change: token => token with { ExpiresAt = DateTimeOffset.MaxValue });

        (await guarded.CallAsync("whoami", "ann")).Status.Should().Be(200);
    }

    [Test]
    public async Task What_the_verifier_says_reaches_the_client_as_a_header_can_hold_it()
    {
        var guarded = new GuardedServer();
        guarded.Tokens.Instead = _ => throw new InvalidTokenException("The \"kid\" is unknown \u2014 and\r\nX-Evil: 1\\ " + new string('x', 500));

        var http = await guarded.CallAsync("whoami", "ann");

        http.Status.Should().Be(401);
        http.ResponseHeaders["WWW-Authenticate"].Should().NotContainAny("\r", "\n", "\u2014");
        http.Challenge()["error_description"].Should().StartWith("The 'kid' is unknown").And.HaveLength(200);
    }

    [Test]
    public async Task Where_nobody_can_verify_the_client_is_told_to_come_back_and_not_to_sign_in()
    {
        var guarded = new GuardedServer();
        guarded.Tokens.Add("ann").Instead = _ => throw new VerifierUnavailableException("keys.example.com does not answer");

        var http = await guarded.CallAsync("whoami", "ann");

        http.Status.Should().Be(503);
        http.ResponseHeaders["Retry-After"].Should().Be("1");
        http.ResponseHeaders.Should().NotContainKey("WWW-Authenticate");
        http.Body.Should().NotContain("keys.example.com");
    }

    [Test]
    public async Task A_verifier_that_never_answers_holds_nobody_for_ever()
    {
        var time = new ManualTime();
        var guarded = new GuardedServer(options: new McpServerOptions { TimeProvider = time });
        var asked = new TaskCompletionSource();
        guarded.Tokens.Instead = cancellation =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellation);
        };

        var call = guarded.CallAsync("whoami", "ann");
        await asked.Task;
        while (!time.HasTimerIn(TimeSpan.FromSeconds(10)))
            await Task.Yield();
        time.Advance(TimeSpan.FromSeconds(10));

        (await call).Status.Should().Be(503);
    }

    [Test]
    public async Task A_verifier_that_breaks_is_a_500_and_lets_nobody_in()
    {
        var log = new RecordedLog();
        var guarded = new GuardedServer(options: new McpServerOptions { LoggerFactory = log });
        guarded.Tokens.Instead = _ => throw new InvalidOperationException("broken");

        (await guarded.CallAsync("whoami", "ann")).Status.Should().Be(500);

        log.Exceptions.Should().ContainSingle(fault => fault.Message == "broken");
    }

    [TestCase(false, KnownTokens.Issuer)]
    [TestCase(true, "LOCAL AUTHORITY")]
    [TestCase(true, null)]
    [TestCase(true, "LOCAL AUTHORITY", System.Security.Claims.ClaimTypes.NameIdentifier)]
    [AuthorizationRequirement("RS13")]
    public async Task A_verifier_that_leaves_open_who_somebody_is_lets_nobody_in(bool isAuthenticated, string? issuer, string subject = "sub")
    {
        var guarded = new GuardedServer(options: new McpServerOptions { LoggerFactory = new RecordedLog() });
        var principal = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity(
            issuer is null ? [] : [new System.Security.Claims.Claim(subject, "ann", null, issuer)], isAuthenticated ? "test" : null));
        guarded.Tokens.Add("ann", change: token => token with { Principal = principal });

        (await guarded.CallAsync("whoami", "ann")).Status.Should().Be(500);
    }

    // Attacks: the sibling that was forgotten, and the server that stands open.
    [TestCase("POST", "/mcp")]
    [TestCase("GET", "/mcp")]
    [TestCase("DELETE", "/mcp")]
    [TestCase("GET", "/sse")]
    [TestCase("POST", "/messages?sessionId=00000000000000000000000000000000")]
    [Spec("2026-07-28 basic/authorization §Token Requirements", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/security-considerations §Access Token Privilege Restriction", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("RS8", "RS14", "RS20")]
    public async Task Every_route_is_guarded_before_anything_is_read(string verb, string target)
    {
        var http = new FakeHttpExchange(verb, target, verb == "POST" ? "no JSON" : null) { BodyNeverComes = true }
            .With("Content-Type", "text/plain").With("Accept", "image/png").With("Mcp-Session-Id", "x");

        await new GuardedServer().AskAsync(http);

        http.Status.Should().Be(401);
        var endpoint = target.StartsWith("/mcp", StringComparison.Ordinal) ? "/mcp" : "/sse";
        http.Challenge()["resource_metadata"].Should().Be($"https://mcp.example.com/.well-known/oauth-protected-resource{endpoint}");
    }

    [TestCase("POST", "/mcp")]
    [TestCase("GET", "/mcp")]
    [TestCase("GET", "/sse")]
    [TestCase("POST", "/messages")]
    [TestCase("GET", "/.well-known/oauth-protected-resource")]
    [TestCase("GET", "/.well-known/oauth-protected-resource/mcp")]
    [TestCase("GET", "/.well-known/oauth-protected-resource/sse")]
    public async Task A_foreign_host_is_told_nothing_at_any_route(string verb, string target)
    {
        var http = await new GuardedServer().AskAsync(new FakeHttpExchange(verb, target, verb == "POST" ? "{}" : null).With("Host", "evil.example"));

        http.Status.Should().Be(403);
        http.ResponseHeaders.Should().NotContainKey("WWW-Authenticate");
        http.Body.Should().NotContain("authorization_servers");
    }

    [Test]
    public async Task A_foreign_page_is_refused_before_its_token_is_looked_at()
    {
        var guarded = new GuardedServer();
        guarded.Tokens.Add("ann");

        var http = await guarded.AskAsync(Wire.ModernPost("whoami").Bearing("ann").With("Origin", "https://evil.example"));

        http.Status.Should().Be(403);
        guarded.Tokens.Asked.Should().BeEmpty();
    }

    [Test]
    public async Task What_asks_for_nothing_is_answered_without_a_token()
    {
        var guarded = new GuardedServer();
        var handler = new McpHttpHandler(guarded.Server, GuardedServer.Public with { Cors = true });
        var preflight = new FakeHttpExchange("OPTIONS", "/mcp").With("Origin", "http://localhost:5173").With("Access-Control-Request-Method", "POST");
        var head = new FakeHttpExchange("HEAD", "/mcp");

        await handler.HandleAsync(preflight);
        await handler.HandleAsync(head);

        preflight.Status.Should().Be(204);
        head.Status.Should().Be(405);
    }

    [Test]
    public async Task A_page_can_read_the_challenge()
    {
        var guarded = new GuardedServer();
        var handler = new McpHttpHandler(guarded.Server, GuardedServer.Public with { Cors = true });
        var http = Wire.ModernPost("whoami").With("Origin", "http://localhost:5173");

        await handler.HandleAsync(http);

        http.Status.Should().Be(401);
        http.ResponseHeaders["Access-Control-Allow-Origin"].Should().Be("http://localhost:5173");
        http.ResponseHeaders["Access-Control-Expose-Headers"].Should().Contain("WWW-Authenticate");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Error Handling", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("RS16", "RS17")]
    public async Task A_token_that_allows_too_little_is_told_what_the_server_and_the_operation_need_at_once()
    {
        var guarded = new GuardedServer(
            o => o.Scopes = ["mcp:use"],
            offer: server => server.AddTool("write", "Writes", [McpScopes("files:write")] () => "written"));
        guarded.Tokens.Add("ann", "other").Add("bob", "mcp:use").Add("eve", "mcp:use files:write");

        var all = await guarded.CallAsync("write", "ann");
        var some = await guarded.CallAsync("write", "bob");

        foreach (var http in new[] { all, some })
        {
            http.Status.Should().Be(403);
            http.Challenge().Parameters.Should().Contain("error", "insufficient_scope").And.Contain("scope", "mcp:use files:write")
                .And.Contain("resource_metadata", Metadata).And.ContainKey("error_description");
        }

        some.Body.Should().Contain("\"id\":1").And.Contain("\"scopes\":[\"files:write\"]");
        (await guarded.CallAsync("write", "eve")).Status.Should().Be(200);
    }

    [Test]
    [AuthorizationRequirement("RS12")]
    public async Task No_token_stands_in_a_log()
    {
        var log = new RecordedLog();
        var guarded = new GuardedServer(o => o.Scopes = ["mcp:use"], new McpServerOptions { LoggerFactory = log });
        guarded.Tokens.Add("ann", "mcp:use", "s3cret-good").Add("bob", "", "s3cret-weak")
            .Add("eve", change: token => token with { Audiences = [] }, token: "s3cret-foreign");

        foreach (var token in new[] { "s3cret-good", "s3cret-weak", "s3cret-foreign", "s3cret-unknown", "s3cret bad", "s3cret-" + new string('x', 20_000) })
            (await guarded.CallAsync("whoami", token)).Body.Should().NotContain("s3cret");
        guarded.Tokens.Instead = _ => throw new VerifierUnavailableException("gone");
        await guarded.CallAsync("whoami", "s3cret-good");
        await guarded.AskAsync(new FakeHttpExchange("POST", "/mcp?access_token=s3cret", "{}"));

        log.Lines.Should().NotBeEmpty().And.NotContain(line => line.Contains("s3cret"));
        log.Exceptions.Should().NotContain(fault => fault.ToString().Contains("s3cret"));
    }
}
