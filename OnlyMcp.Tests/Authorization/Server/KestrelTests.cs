using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>The guard under another web server, and what HttpListener hides of a request.</summary>
public sealed class KestrelTests
{
    private static readonly string[] Headers = ["Accept: application/json, text/event-stream", .. Wire.ModernHeaders("whoami")];

    [Test]
    [Spec("2026-07-28 basic/authorization §Error Handling", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("RS14", "RS15", "RS19")]
    public async Task Under_Kestrel_one_token_is_taken_and_two_are_none()
    {
        await using var program = ChildProcess.Start(Programs.Command("KestrelServer"));
        var address = new Uri(await program.ReadLineAsync());

        (await CallAsync(address, "Authorization: Bearer good")).Body.Should().Contain("\"text\":\"ann\"");
        (await CallAsync(address)).Status.Should().Be(401);
        (await CallAsync(address, "Authorization: Bearer bad")).Header("WWW-Authenticate").Should().Contain("invalid_token");
        foreach (var (first, second) in new[] { ("good", "bad"), ("bad", "good"), ("good", "good") })
        {
            var both = await CallAsync(address, $"Authorization: Bearer {first}", $"Authorization: Bearer {second}");
            both.Status.Should().Be(400, both.Body);
            AuthenticationChallenge.Parse([both.Header("WWW-Authenticate")!]).Single()["error"].Should().Be("invalid_request");
        }

        using var client = new HttpClient();
        (await client.GetStringAsync(new Uri(address, "/.well-known/oauth-protected-resource/mcp"))).Should().Contain($"\"resource\":\"{address}mcp\"");
    }

    // HttpListener keeps the last of several: there is no way to see that there were more.
    [TestCase("good", "bad", 401)]
    [TestCase("bad", "good", 200)]
    public async Task Under_HttpListener_the_last_of_two_tokens_counts(string first, string second, int status)
    {
        var guarded = new GuardedServer();
        await using var host = await guarded.StartAsync();
        guarded.Tokens.Add("ann", token: "good");

        var answer = await CallAsync(host.Address, $"Authorization: Bearer {first}", $"Authorization: Bearer {second}");

        answer.Status.Should().Be(status, answer.Body);
    }

    [Test]
    public async Task Over_a_socket_the_challenge_arrives_whole_and_the_connection_ends_with_the_unread_body()
    {
        var guarded = new GuardedServer(o => o.Scopes = ["mcp:use"]);
        await using var host = await guarded.StartAsync();

        var answer = await CallAsync(host.Address);

        answer.Status.Should().Be(401);
        AuthenticationChallenge.Parse([answer.Header("WWW-Authenticate")!]).Single().Parameters.Should()
            .Contain("scope", "mcp:use").And.Contain("resource_metadata", $"{host.Address}.well-known/oauth-protected-resource/mcp");
        answer.Header("Connection").Should().Be("close");
    }

    private static async Task<RawResponse> CallAsync(Uri address, params string[] headers)
    {
        using var raw = await RawHttp.ConnectAsync(address);
        await raw.SendAsync("POST /mcp", Wire.ModernCall("whoami"), [$"Host: {address.Authority}", .. Headers, .. headers]);
        return await raw.ReadAsync();
    }
}
