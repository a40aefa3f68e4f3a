using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Client.Eras;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our client signs in to guarded servers of the TypeScript SDKs, through an authorization server by others.</summary>
public sealed class AuthorizationClientTests
{
    private static readonly string[][] Servers =
    [
        ["ts-server-auth-v1.mjs", "2025-11-25"],
        ["ts-server-auth-v2.mjs", "2026-07-28"],
        ["ts-server-auth-v2.mjs", "2025-06-18"],
    ];

    [Test]
    [Spec("2026-07-28 basic/authorization §Authorization Server Discovery", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Client Registration", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization §Token Requirements", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("CL10", "CL11", "CL12", "CL13", "CL26", "CL33")]
    public async Task It_signs_in_however_it_is_known_and_asks_for_more_once_more_is_needed(
        [Values] KnownAs how, [ValueSource(nameof(Servers))] string[] server)
    {
        using var known = new KnownClient(how);
        await using var provider = await OidcProvider.StartAsync(known.ForProvider);
        await using var guarded = await Peers.StartServerAsync(server[0], provider.Issuer);
        await using var client = await ConnectAsync(guarded, known.Authorization, server[1]);

        await TrySignInsAsync(client, known);
        (await known.WasKnownAtAsync(guarded.Url.AbsoluteUri)).Should().BeTrue();
    }

    [Test]
    public async Task It_signs_in_to_a_server_that_is_its_own_authorization_server()
    {
        using var known = new KnownClient(KnownAs.Registered);
        await using var guarded = await Peers.StartServerAsync("ts-server-auth-v1.mjs", "");
        await using var client = await ConnectAsync(guarded, known.Authorization, "2025-11-25");

        await TrySignInsAsync(client, known);
    }

    private static async Task TrySignInsAsync(McpClient client, KnownClient known)
    {
        (await WhoAmIAsync(client)).Should().Equal("mcp:use");
        known.Person.SignIns.Should().Be(1);

        (await client.CallToolAsync("write")).EnsureSuccess().Text.Should().Be("written");
        (await WhoAmIAsync(client)).Should().BeEquivalentTo("mcp:use", "notes:write");
        known.Person.SignIns.Should().Be(2, "a scope that is missing takes another");
    }

    private static Task<McpClient> ConnectAsync(ServerPeer guarded, ClientAuthorization authorization, string revision) =>
        McpClient.ConnectAsync(guarded.Url, new McpClientOptions
        {
            Authorization = authorization,
            Revision = KnownRevisions.Find(revision),
            EraVerdicts = new EraVerdicts(),
        });

    private static async Task<string?[]> WhoAmIAsync(McpClient client)
    {
        var answer = JsonElement.Parse((await client.CallToolAsync("whoami")).EnsureSuccess().Text);
        return [.. answer.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString())];
    }
}
