using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>Which scopes are asked for, at first and when the server wants more.</summary>
internal sealed class StepUpTests
{
    // What the challenge names, what the document names, what the host adds, what the authorization server has; what is asked for.
    [TestCase("a b", "c", "", "", "a b")]
    [TestCase("", "c d", "", "", "c d")]
    [TestCase("", "", "", "", null)]
    [TestCase("a", "", "z", "", "a z")]
    [TestCase("a", "", "", "a offline_access", "a offline_access")]
    [TestCase("a", "offline_access b", "", "a b", "a")]
    [TestCase("", "b offline_access", "", "", "b")]
    [Spec("2026-07-28 basic/authorization §Scope Selection Strategy", 1, 2, AtEveryRevision = true)]
    [AuthorizationRequirement("CL20", "CL21")]
    public async Task Scopes_are_those_of_the_challenge_else_of_the_document_else_none(
        string challenge, string document, string host, string server, string? asked)
    {
        await using var world = new GuardedWorld();
        if (challenge.Length > 0)
            world.Challenge = $"scope=\"{challenge}\"";
        if (document.Length > 0)
            world.MoreResource = $$""","scopes_supported":[{{List(document)}}]""";
        if (server.Length > 0)
            world.MoreMetadata = $$""","scopes_supported":[{{List(server)}}]""";

        await using var client = await world.ConnectAsync(world.Authorization with { Scopes = host.Split(' ', StringSplitOptions.RemoveEmptyEntries) });
        world.SignIns.Single().GetValueOrDefault("scope").Should().Be(asked);
    }

    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    [AuthorizationRequirement("CL33")]
    public async Task A_server_that_wants_more_has_the_person_asked_for_what_was_asked_before_and_that(string revision)
    {
        await using var world = new GuardedWorld { ToolScope = "write", Challenge = "scope=\"read\"" };
        if (revision == "2025-11-25")
            world.OnResource = LegacyAsync;
        await using var client = await world.ConnectAsync(options: new McpClientOptions { Revision = KnownRevisions.Find(revision), Cache = null });

        (await client.CallToolAsync("any")).Text.Should().Be("done");
        world.SignIns.Select(asked => asked["scope"]).Should().Equal("read", "read write");

        Task LegacyAsync(HttpCall call) => call.RpcMethod switch
        {
            "initialize" when call.Header("Authorization") is not null =>
                call.ResultAsync("""{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}"""),
            _ => world.ServeAsync(call),
        };
    }

    [Test]
    [AuthorizationRequirement("CL34")]
    public async Task What_was_asked_for_and_not_granted_is_not_asked_for_without_end()
    {
        await using var world = new GuardedWorld { ToolScope = "admin" };
        world.OnIssuer = call => call.Path == "/token" ? call.JsonAsync(world.TokenFor(null, granted: "read")) : world.IssueAsync(call);
        await using var client = await world.ConnectAsync();

        var fault = (await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.Access);
        fault.Message.Should().Contain("'admin'");
        world.SignIns.Should().HaveCount(2, "the first, and one for more");

        // Nor with the next call: the person has said no, or may not.
        await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<AuthorizationException>();
        world.SignIns.Should().HaveCount(2);
    }

    private static string List(string words) => string.Join(',', words.Split(' ').Select(word => $"\"{word}\""));
}
