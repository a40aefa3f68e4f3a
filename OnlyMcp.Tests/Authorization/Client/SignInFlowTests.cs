using System.Net;
using FluentAssertions;
using NUnit.Framework;
using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>A person's sign-in, from the first 401 to the answer of the MCP server, and everything that an answer of the browser can be.</summary>
internal sealed class SignInFlowTests
{
    [Test]
    [Spec("2026-07-28 basic/authorization §Resource Parameter Implementation", 1, 2, 3, 4, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Canonical Server URI", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Token Requirements", 2, 3, 4, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/security-considerations §Authorization Code Protection", 1, 3, AtEveryRevision = true)]
    [AuthorizationRequirement("CL1", "CL16", "CL18", "CL19", "CL26", "CL27")]
    public async Task A_client_that_is_refused_has_the_person_sign_in_and_asks_again()
    {
        await using var world = new GuardedWorld();

        await using var client = await world.ConnectAsync();
        (await client.CallToolAsync("any")).Text.Should().Be("done");

        var asked = world.SignIns.Should().ContainSingle().Subject;
        asked.Should().Contain("response_type", "code").And.Contain("client_id", "the-client").And.Contain("redirect_uri", "http://127.0.0.1:1/callback");
        asked.Should().Contain("code_challenge_method", "S256").And.Contain("resource", world.Resource.Url.OriginalString).And.NotContainKey("scope");
        asked["state"].Length.Should().BeGreaterThanOrEqualTo(43, "it holds 256 random bits");

        var form = world.TokenRequests.Should().ContainSingle().Subject.Form;
        form.Should().Contain("grant_type", "authorization_code").And.Contain("code", "the-code").And.Contain("redirect_uri", "http://127.0.0.1:1/callback");
        form.Should().Contain("client_id", "the-client").And.Contain("resource", world.Resource.Url.OriginalString);
        Pkce.Fits(form["code_verifier"], asked["code_challenge"]).Should().BeTrue();

        // Each request after the first carries the token, in its header and nowhere else.
        var posts = world.Resource.Calls.Where(call => call.Verb == "POST").ToArray();
        posts.Skip(1).Should().OnlyContain(call => call.Header("Authorization") == "Bearer token-1" && !call.Target.Contains('?'));
        world.Issuer.Calls.Where(call => call.Path != "/token").Should().OnlyContain(call => call.Header("Authorization") == null);
    }

    [Test]
    [Spec("2025-11-25 basic/authorization §Token Requirements")]
    [AuthorizationRequirement("CL27")]
    public async Task In_a_session_every_request_carries_the_token_whatever_its_verb()
    {
        var listened = new TaskCompletionSource();
        await using var world = new GuardedWorld();
        world.OnResource = call => (call.Header("Authorization"), call.Verb, call.RpcMethod) switch
        {
            ("Bearer token-1", "GET", _) => Listen(call),
            ("Bearer token-1", "DELETE", _) => call.RespondAsync(200),
            ("Bearer token-1", _, "initialize") => call.ResultAsync(
                """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"old","version":"1"}}""", "Mcp-Session-Id: s1\r\n"),
            _ => world.ServeAsync(call),
        };

        await using (await world.ConnectAsync(options: new McpClientOptions { Revision = KnownRevisions.Find("2025-11-25"), Cache = null }))
            await listened.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var calls = world.Resource.Calls.Where(call => call.Path == "/mcp").ToArray();
        calls[0].Header("Authorization").Should().BeNull();
        calls.Skip(1).Should().OnlyContain(call => call.Header("Authorization") == "Bearer token-1");
        calls.Select(call => call.Verb).Should().Contain("GET").And.EndWith("DELETE");

        Task Listen(HttpCall call)
        {
            listened.TrySetResult();
            return call.RespondAsync(405);
        }
    }

    [Test]
    [AuthorizationRequirement("CL16", "CL19", "CL22")]
    public async Task State_and_verifier_are_used_once()
    {
        await using var world = new GuardedWorld();
        await using (await world.ConnectAsync())
        await using (await world.ConnectAsync())
            world.SignIns.Should().HaveCount(2);

        world.SignIns.Select(asked => asked["state"]).Should().OnlyHaveUniqueItems();
        world.SignIns.Select(asked => asked["code_challenge"]).Should().OnlyHaveUniqueItems();
    }

    // What the issuer announces, what comes back, and whether the code may be used.
    [TestCase(true, "=", true)]
    [TestCase(true, "", false)]
    [TestCase(true, "https://evil.example", false)]
    [TestCase(true, "=/", false, Description = "compared letter by letter")]
    [TestCase(false, "", true)]
    [TestCase(false, "=", true)]
    [TestCase(false, "https://evil.example", false)]
    [Spec("2026-07-28 basic/authorization §Authorization Response Validation", 1, 3, 4, 5, AtEveryRevision = true)]
    [AuthorizationRequirement("CL25")]
    public async Task An_answer_is_from_the_issuer_that_it_was_asked_of_or_nothing_of_it_is_used(bool announced, string issuer, bool isGood)
    {
        await using var world = new GuardedWorld();
        if (announced)
            world.MoreMetadata = ""","authorization_response_iss_parameter_supported":true""";
        var said = issuer.Replace("=", world.IssuerName, StringComparison.Ordinal);
        world.Answer = query => $"code=c&state={query["state"]}" + (said.Length > 0 ? $"&iss={Uri.EscapeDataString(said)}" : "");

        var connecting = async () => await (await world.ConnectAsync()).DisposeAsync();
        if (isGood)
        {
            await connecting.Should().NotThrowAsync();
            return;
        }

        var fault = (await connecting.Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.SignIn);
        fault.Message.Should().Contain(world.IssuerName);
        world.TokenRequests.Should().BeEmpty("the code goes nowhere");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Authorization Response Validation", 5, AtEveryRevision = true)]
    [AuthorizationRequirement("CL25")]
    public async Task An_error_from_another_issuer_is_neither_shown_nor_acted_on()
    {
        await using var world = new GuardedWorld();
        world.Answer = query => $"error=access_denied&error_description=call+0900-EVIL&state={query["state"]}&iss=https%3A%2F%2Fevil.example";

        var fault = (await world.Awaiting(it => it.ConnectAsync()).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Message.Should().NotContain("0900").And.NotContain("access_denied");
        fault.Error.Should().BeNull();
    }

    [TestCase("code=c", Description = "no state")]
    [TestCase("code=c&state=guessed")]
    [TestCase("error=access_denied&state=guessed")]
    [AuthorizationRequirement("CL19")]
    public async Task An_answer_without_our_state_is_dropped(string answer)
    {
        await using var world = new GuardedWorld { Answer = _ => answer };

        var fault = (await world.Awaiting(it => it.ConnectAsync()).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Message.Should().Contain("'state'").And.NotContain("guessed");
        world.TokenRequests.Should().BeEmpty();
    }

    [Test]
    public async Task A_refusal_is_told_in_the_words_of_the_authorization_server_made_safe_for_a_terminal()
    {
        await using var world = new GuardedWorld();
        world.Answer = query => $"error=access_denied&error_description=no%1B%5B31m+way%E2%80%AE%E2%81%A6&state={query["state"]}";

        var fault = (await world.Awaiting(it => it.ConnectAsync()).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Message.Should().Contain("access_denied").And.Contain("no [31m way").And.NotContain("\u001B").And.NotContain("\u202E").And.NotContain("\u2066");
        fault.Error!.Error.Should().Be("access_denied");
    }

    [TestCase("""{"error":"invalid_grant","error_description":"code used"}""", 400, "invalid_grant: code used")]
    [TestCase("""{"error":"invalid_client"}""", 401, "'the-client'")]
    [TestCase("""{"error":"invalid_grant"}""", 200, "invalid_grant", Description = "some refuse with 200")]
    [TestCase("""<html>Sign in</html>""", 200, "text/html")]
    [TestCase("""{"token_type":"Bearer"}""", 200, "A token")]
    [TestCase("""{"access_token":"","token_type":"Bearer"}""", 200, "no header can carry")]
    [TestCase("{\"access_token\":\"a\\r\\nX-Evil: 1\",\"token_type\":\"Bearer\"}", 200, "no header can carry")]
    [TestCase("null", 200, "null")]
    [TestCase("", 503, "503")]
    public async Task What_a_token_endpoint_can_answer_is_told_and_not_asked_again(string body, int status, string words)
    {
        await using var world = new GuardedWorld();
        world.OnIssuer = call => call.Path != "/token" ? world.IssueAsync(call)
            : call.RespondAsync(status, body.StartsWith('<') ? "text/html" : "application/json", body);

        var fault = (await world.Awaiting(it => it.ConnectAsync()).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.Token);
        fault.Message.Should().Contain(words).And.NotContain("the-code");
        world.TokenRequests.Should().ContainSingle();
        world.SignIns.Should().ContainSingle();
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Token Handling", 5, AtEveryRevision = true)]
    [AuthorizationRequirement("CL28")]
    public async Task A_token_goes_to_the_server_that_it_is_for_and_not_where_that_one_points()
    {
        await using var stranger = new ScriptedHttpServer(call => call.RespondAsync(200));
        await using var world = new GuardedWorld();
        world.OnResource = call => call.RpcMethod == "tools/call"
            ? call.RespondAsync(307, headers: $"Location: {stranger.Url}\r\n")
            : world.ServeAsync(call);

        await using var client = await world.ConnectAsync();
        await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<OnlyMcp.Client.Http.HttpStatusException>();
        stranger.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task Without_a_way_to_sign_in_the_error_says_what_to_set()
    {
        await using var world = new GuardedWorld();
        var fault = (await world.Awaiting(it => it.ConnectAsync(world.Authorization with { SignIn = null }))
            .Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Message.Should().Contain("ClientAuthorization.SignIn");
    }

    [Test]
    [AuthorizationRequirement("CL35")]
    public async Task A_403_for_another_reason_is_no_question_of_tokens()
    {
        await using var world = new GuardedWorld();
        world.OnResource = call => call.RpcMethod == "tools/call" ? call.RespondAsync(403, "text/plain", "wrong origin") : world.ServeAsync(call);

        await using var client = await world.ConnectAsync();
        var fault = (await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<OnlyMcp.Client.Http.HttpStatusException>()).Which;
        fault.Status.Should().Be(403);
        world.SignIns.Should().ContainSingle();
    }
}
