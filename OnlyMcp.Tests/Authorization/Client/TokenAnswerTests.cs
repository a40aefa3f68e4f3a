using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>Token endpoints that answer otherwise than the RFC says: what can be understood is, and nothing else.</summary>
internal sealed class TokenAnswerTests
{
    [TestCase("""{"access_token":"TOKEN"}""", Description = "no token_type")]
    [TestCase("""{"access_token":"TOKEN","token_type":"bearer"}""")]
    [TestCase("""{"access_token":"TOKEN","token_type":"BEARER","expires_in":"3600"}""", 3600)]
    [TestCase("""{"access_token":"TOKEN","token_type":"Bearer","expires_in":0}""")]
    [TestCase("""{"access_token":"TOKEN","token_type":"Bearer","expires_in":-1,"refresh_token":"","scope":null}""")]
    [TestCase("""{"access_token":"TOKEN","token_type":"Bearer","expires_in":null,"refresh_token":null}""")]
    [TestCase("""{"access_token":"TOKEN","token_type":"Bearer","scope":["a","b"],"expires_in":60}""", 60)]
    [TestCase("""{"access_token":"TOKEN","token_type":"Bearer","expires_in":9223372036854775807}""", 315360000)]
    [AuthorizationRequirement("CL26")]
    public async Task What_can_be_understood_is(string answer, int? life = null)
    {
        var time = new ManualTime();
        await using var world = Answering(answer, answer.Contains("60}") ? 201 : 200);
        var authorization = world.Authorization;
        await using var client = await world.ConnectAsync(authorization, Options(time));
        await client.CallToolAsync("any");

        var kept = (await authorization.Tokens.FindLatestAsync(world.Resource.Url.OriginalString, "default"))!;
        kept.TokenType.Should().Be("Bearer");
        kept.RefreshToken.Should().BeNull();
        kept.ExpiresAt.Should().Be(life is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null);
        kept.Scopes.Should().Equal(answer.Contains('[') ? ["a", "b"] : []);
        world.TokenRequests.Should().ContainSingle("nothing is to be renewed yet");
        world.Resource.Calls.Last().Header("Authorization").Should().StartWith("Bearer ");
    }

    [TestCase("""{"access_token":"TOKEN","token_type":"mac"}""", "'mac'")]
    [TestCase("""{"access_token":"TOKEN","token_type":"N_A"}""", "'N_A'")]
    [TestCase("""{"access_token":"TOKEN","token_type":"Bearer","expires_in":"soon"}""", "expires_in")]
    [TestCase("""{"access_token":"TOKEN","token_type":"Bearer","scope":[1]}""", "scope")]
    [TestCase("""{"access_token":"TOKEN","token_type":"Bearer","access_token":"other"}""", "A token")]
    [TestCase("""["TOKEN"]""", "A token")]
    public async Task What_cannot_is_told_without_the_token(string answer, string words)
    {
        await using var world = Answering(answer);
        var fault = (await world.Awaiting(it => it.ConnectAsync()).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.Token);
        fault.ToString().Should().Contain(words).And.NotContain("token-1").And.NotContain("the-code");
        world.SignIns.Should().ContainSingle();
    }

    [Test]
    public async Task A_document_with_nothing_among_its_scopes_is_read_all_the_same()
    {
        await using var world = new GuardedWorld { MoreResource = ""","scopes_supported":[null,"a","not one"]""" };
        await using var client = await world.ConnectAsync();
        world.SignIns.Single()["scope"].Should().Be("a");
    }

    // The whole header lines of a 401.
    [TestCase("", Description = "no challenge at all")]
    [TestCase("WWW-Authenticate: bearer\r\n")]
    [TestCase("WWW-Authenticate: Basic realm=\"x\", BEARER Resource_Metadata=\"META\", scope=\"a\"\r\n")]
    [TestCase("WWW-Authenticate: Negotiate abc==\r\nWWW-Authenticate: Bearer scope=\"a\", resource_metadata=META\r\n")]
    [TestCase("WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"token \"x\" is bad\", resource_metadata=\"META\"\r\n")]
    [TestCase("WWW-Authenticate: Bearer resource_metadata=\"META\r\n", Description = "never closed")]
    [TestCase("WWW-Authenticate: \r\n")]
    [AuthorizationRequirement("CL1", "CL2")]
    public async Task Whatever_the_challenge_looks_like_the_client_finds_its_way(string header)
    {
        await using var world = new GuardedWorld();
        var lines = header.Replace("META", $"{world.Resource.Url.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-protected-resource/mcp");
        world.OnResource = call => call.Path == "/mcp" && call.Header("Authorization") is null ? call.RespondAsync(401, headers: lines) : world.ServeAsync(call);

        await using var client = await world.ConnectAsync();
        (await client.CallToolAsync("any")).Text.Should().Be("done");
        world.SignIns.Single().GetValueOrDefault("scope").Should().Be(header.Contains("scope") ? "a" : null);
    }

    private static GuardedWorld Answering(string answer, int status = 200)
    {
        var world = new GuardedWorld();
        world.OnIssuer = call =>
        {
            if (call.Path != "/token")
                return world.IssueAsync(call);
            world.TokenFor("");
            return call.JsonAsync(answer.Replace("TOKEN", "token-1"), status);
        };
        return world;
    }

    private static OnlyMcp.Client.McpClientOptions Options(ManualTime time) =>
        new() { Revision = OnlyMcp.Protocol.Revisions.KnownRevisions.Find("2026-07-28"), Cache = null, TimeProvider = time };
}
