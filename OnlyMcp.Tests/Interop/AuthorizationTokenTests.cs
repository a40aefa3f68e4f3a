using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>Tokens between our client and our server, most of an authorization server by others: for whom they are, how long they last.</summary>
public sealed class AuthorizationTokenTests
{
    [Test]
    [AuthorizationRequirement("CL30", "CL31")]
    public async Task A_refresh_token_is_used_once_and_the_next_takes_its_place()
    {
        using var known = new KnownClient(KnownAs.Public);
        await using var provider = await OidcProvider.StartAsync(known.ForProvider);
        using var verifier = new JwtTokenVerifier(new() { Issuers = [provider.Issuer] });
        await using var server = await StartAsync(provider, verifier);
        var time = new ManualTime();
        await using var client = await ConnectAsync(server, known, time);
        List<StoredTokens> seen = [await LatestAsync(known, server)];

        for (var round = 0; round < 3; round++)
        {
            time.Advance(TimeSpan.FromMinutes(9.5));
            (await client.CallToolAsync("whoami")).Text.Should().Be("ada");
            seen.Add(await LatestAsync(known, server));
        }

        seen.Select(tokens => tokens.AccessToken).Should().OnlyHaveUniqueItems();
        seen.Select(tokens => tokens.RefreshToken).Should().OnlyHaveUniqueItems().And.NotContainNulls("the authorization server rotates them");
        known.Person.SignIns.Should().Be(1);

        // One that is used twice is stolen, as far as the authorization server can tell: none of the family is good after that.
        await known.Authorization.Tokens.SaveAsync(seen[^1] with { RefreshToken = seen[0].RefreshToken });
        time.Advance(TimeSpan.FromMinutes(9.5));
        await client.CallToolAsync("whoami");
        (await LatestAsync(known, server)).RefreshToken.Should().BeNull("it was refused, and is not shown again");
    }

    [TestCase(KnownAs.Secret)]
    [TestCase(KnownAs.Key)]
    [Spec("ext-auth oauth-client-credentials §Client Authentication Methods", 1)]
    [AuthorizationRequirement("CL36", "CL37", "CL38")]
    public async Task A_program_gets_tokens_for_itself(KnownAs how)
    {
        using var known = new KnownClient(how, new ClientCredentialsGrant());
        await using var provider = await OidcProvider.StartAsync(known.ForProvider);
        using var verifier = new JwtTokenVerifier(new() { Issuers = [provider.Issuer] });
        await using var server = await StartAsync(provider, verifier);
        await using var client = await ConnectAsync(server, known);

        (await client.CallToolAsync("whoami")).Text.Should().Be("known", "nobody else is there");
    }

    [TestCase(KnownAs.Secret)]
    [TestCase(KnownAs.Key)]
    [AuthorizationRequirement("CL36", "CL37", "CL38", "CL39")]
    public async Task A_program_gets_tokens_for_itself_from_our_authorization_server_too(KnownAs how)
    {
        using var known = new KnownClient(how, new ClientCredentialsGrant());
        await using var server = await NotesServer.StartAsync(o => o.AuthorizationServer = OurAuthorizationServer.For(known.ForProvider));
        await using var client = await ConnectAsync(server, known);

        (await client.CallToolAsync("write")).Text.Should().Be("written");
        (await client.CallToolAsync("whoami")).Text.Should().Contain("known");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Token Handling", 2, 6, AtEveryRevision = true)]
    [AuthorizationRequirement("RS9", "CL28")]
    public async Task A_genuine_token_for_another_server_is_refused()
    {
        using var known = new KnownClient(KnownAs.Secret, new ClientCredentialsGrant());
        await using var provider = await OidcProvider.StartAsync(known.ForProvider);
        using var verifier = new JwtTokenVerifier(new() { Issuers = [provider.Issuer] });
        await using var its = await StartAsync(provider, verifier);
        await using var other = await StartAsync(provider, verifier);
        await using var client = await ConnectAsync(its, known);
        var token = (await LatestAsync(known, its)).AccessToken;

        (await StatusAsync(its, token)).Should().NotBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(other, token)).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    [AuthorizationRequirement("RS11")]
    public async Task Tokens_that_say_nothing_are_asked_about()
    {
        using var known = new KnownClient(KnownAs.Secret);
        var options = known.ForProvider;
        options["opaque"] = true;
        await using var provider = await OidcProvider.StartAsync(options);
        var client = known.Authorization.Clients[0];
        using var verifier = new IntrospectionTokenVerifier(new()
        {
            Endpoint = new Uri($"{provider.Issuer}/token/introspection"),
            Issuer = provider.Issuer,
            ClientId = client.ClientId,
            ClientSecret = client.ClientSecret!,
        });
        await using var server = await StartAsync(provider, verifier);
        await using var connected = await ConnectAsync(server, known);

        (await connected.CallToolAsync("whoami")).Text.Should().Be("ada");
        (await LatestAsync(known, server)).AccessToken.Should().NotContain(".", "it is no JWT");
        (await StatusAsync(server, "made-up")).Should().Be(HttpStatusCode.Unauthorized);
    }

    private static Task<NotesServer> StartAsync(OidcProvider provider, ITokenVerifier verifier) => NotesServer.StartAsync(o =>
    {
        o.AuthorizationServers = [provider.Issuer];
        o.Verifier = verifier;
    });

    private static Task<McpClient> ConnectAsync(NotesServer server, KnownClient known, TimeProvider? time = null) =>
        McpClient.ConnectAsync(new Uri(server.Url), new McpClientOptions
        {
            Authorization = known.Authorization,
            TimeProvider = time ?? TimeProvider.System,
            Cache = null,
        });

    private static async Task<StoredTokens> LatestAsync(KnownClient known, NotesServer server) =>
        (await known.Authorization.Tokens.FindLatestAsync(server.Url, known.Authorization.Profile))!;

    private static async Task<HttpStatusCode> StatusAsync(NotesServer server, string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = new StringContent("{}") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
