using OnlyMcp.Client;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>Clients by others sign in to our guarded server.</summary>
public sealed class AuthorizationServerTests
{
    private static readonly KnownAs[] Ways = [KnownAs.Public, KnownAs.Document, KnownAs.Registered];

    [Test]
    public async Task A_client_by_others_signs_in_through_an_authorization_server_by_others(
        [ValueSource(typeof(SigningInClient), nameof(SigningInClient.All))] SigningInClient client, [ValueSource(nameof(Ways))] KnownAs how)
    {
        await using var provider = await OidcProvider.StartAsync(SigningInClient.ForProvider(how));
        using var verifier = new JwtTokenVerifier(new() { Issuers = [provider.Issuer] });
        await using var server = await NotesServer.StartAsync(o =>
        {
            o.AuthorizationServers = [provider.Issuer];
            o.Verifier = verifier;
        });

        var calls = await client.CallAsync(server.Url, how, "whoami", "whoami");

        calls.Version.Should().Be(client.Spoken);
        calls.Texts.Should().Equal("ada", "ada");
        calls.SignIns.Should().Be(1);
        calls.WasKnown.Should().BeTrue();
    }

    /// <remarks>Version 1 of the TypeScript SDK answers insufficient_scope with its refresh token, and gives up.</remarks>
    [TestCaseSource(nameof(SteppingUp))]
    [AuthorizationRequirement("RS16", "RS17")]
    public async Task A_client_by_others_asks_for_more_once_more_is_needed(SigningInClient client, KnownAs how)
    {
        await using var provider = await OidcProvider.StartAsync(SigningInClient.ForProvider(how));
        using var verifier = new JwtTokenVerifier(new() { Issuers = [provider.Issuer] });
        await using var server = await NotesServer.StartAsync(o =>
        {
            o.AuthorizationServers = [provider.Issuer];
            o.Verifier = verifier;
        });

        var calls = await client.CallAsync(server.Url, how, "whoami", "write", "whoami");

        calls.Texts.Should().Equal("ada", "written", "ada");
        calls.SignIns.Should().Be(2);
    }

    [Test]
    [AuthorizationRequirement("AS5", "AS6", "AS9", "AS11", "AS13")]
    public async Task A_client_by_others_signs_in_through_our_authorization_server(
        [ValueSource(typeof(SigningInClient), nameof(SigningInClient.All))] SigningInClient client, [ValueSource(nameof(Ways))] KnownAs how)
    {
        var ours = OurAuthorizationServer.For(SigningInClient.ForProvider(how));
        await using var server = await NotesServer.StartAsync(o => o.AuthorizationServer = ours);

        var calls = await client.CallAsync(server.Url, how, "whoami", "whoami");

        calls.Version.Should().Be(client.Spoken);
        calls.Texts.Should().Equal("ada", "ada");
        calls.SignIns.Should().Be(1);
        calls.WasKnown.Should().BeTrue();
    }

    [TestCaseSource(nameof(SteppingUp))]
    public async Task A_client_by_others_asks_our_authorization_server_for_more(SigningInClient client, KnownAs how)
    {
        var ours = OurAuthorizationServer.For(SigningInClient.ForProvider(how));
        await using var server = await NotesServer.StartAsync(o => o.AuthorizationServer = ours);

        var calls = await client.CallAsync(server.Url, how, "whoami", "write", "whoami");

        calls.Texts.Should().Equal("ada", "written", "ada");
        calls.SignIns.Should().Be(2);
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Overview", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("AS5", "AS6", "AS11")]
    public async Task Our_client_signs_in_through_our_authorization_server([Values] KnownAs how)
    {
        using var known = new KnownClient(how);
        var ours = OurAuthorizationServer.For(known.ForProvider);
        await using var server = await NotesServer.StartAsync(o => o.AuthorizationServer = ours);
        var options = new McpClientOptions { Authorization = known.Authorization };
        await using var client = await McpClient.ConnectAsync(new Uri(server.Url), options);

        (await client.CallToolAsync("whoami")).Text.Should().Be("ada");
        (await client.CallToolAsync("write")).Text.Should().Be("written");
        known.Person.SignIns.Should().Be(2, "a scope that is missing takes another");
        (await known.WasKnownAtAsync(server.Url)).Should().BeTrue();
    }

    private static IEnumerable<object[]> SteppingUp() =>
        from client in SigningInClient.All
        where client.Peer != "ts-auth-v1.mjs"
        from how in new[] { KnownAs.Public, KnownAs.Document }
        select new object[] { client, how };
}
