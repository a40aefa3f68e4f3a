using OnlyMcp.Server.Authorization;

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
    }

    /// <remarks>Version 1 of the TypeScript SDK answers insufficient_scope with its refresh token, and gives up.</remarks>
    [TestCaseSource(nameof(SteppingUp))]
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

    private static IEnumerable<object[]> SteppingUp() =>
        from client in SigningInClient.All
        where client.Peer != "ts-auth-v1.mjs"
        from how in new[] { KnownAs.Public, KnownAs.Document }
        select new object[] { client, how };
}
