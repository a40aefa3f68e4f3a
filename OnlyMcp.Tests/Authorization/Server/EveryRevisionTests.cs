using System.Net;
using OnlyMcp.Client;
using OnlyMcp.Client.Http;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>A client with a token at a guarded server, over sockets, in every revision.</summary>
public sealed class EveryRevisionTests
{
    private static IEnumerable<Way> OverHttp => Way.All.Where(way => way.IsHttp);

    [TestCaseSource(nameof(OverHttp))]
    [Spec("2025-03-26 basic/authorization §Token Handling", 1, 2, 3)]
    [Spec("2025-06-18 basic/authorization §Token Handling")]
    [Spec("2025-11-25 basic/authorization §Token Handling")]
    [Spec("2026-07-28 basic/authorization §Token Handling")]
    [AuthorizationRequirement("RS8", "RS9", "RS14")]
    public async Task A_client_with_a_token_does_all_that_it_allows(Way way)
    {
        var guarded = Guarded();
        await using var connected = await way.ConnectAsync(guarded.Server, With("ann"));

        (await connected.Client.CallToolAsync("whoami")).Text.Should().Be("ann");
        (await connected.Client.ListToolsAsync().ToListAsync()).Select(tool => tool.Name).Should().Equal("whoami", "write");
        (await connected.Client.CallToolAsync("write")).Text.Should().Be("written");
    }

    [TestCaseSource(nameof(OverHttp))]
    public async Task A_weaker_token_sees_and_does_less(Way way)
    {
        var guarded = Guarded();
        await using var connected = await way.ConnectAsync(guarded.Server, With("bob"));

        (await connected.Client.ListToolsAsync().ToListAsync()).Select(tool => tool.Name).Should().Equal("whoami");
        await connected.Client.Awaiting(client => client.CallToolAsync("write")).Should().ThrowAsync<Exception>().WithMessage("*files:write*");
        (await connected.Client.CallToolAsync("whoami")).Text.Should().Be("bob", "the conversation goes on");
    }

    [TestCaseSource(nameof(OverHttp))]
    [Spec("2025-03-26 basic/authorization §Error Handling", 1)]
    [AuthorizationRequirement("RS14")]
    public async Task A_client_without_one_does_not_get_in(Way way)
    {
        var connect = () => way.ConnectAsync(Guarded().Server, new McpClientOptions());

        (await connect.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain("401");
    }

    private static McpClientOptions With(string token) =>
        new() { Headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" } };

    private static GuardedServer Guarded()
    {
        var guarded = new GuardedServer(
            o => (o.Scopes, o.Audiences) = (["mcp:use"], ["urn:guarded"]),
            offer: server => server.AddTool("write", "Writes", [McpScopes("files:write")] () => "written"));
        guarded.Tokens.Audience = "urn:guarded";
        guarded.Tokens.Add("ann", "mcp:use files:write").Add("bob", "mcp:use");
        return guarded;
    }
}
