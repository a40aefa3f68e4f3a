using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>Tokens that are bound to a key of the client, with and without nonces of the servers.</summary>
internal sealed class ProofOfPossessionTests
{
    private const string Metadata = ""","dpop_signing_alg_values_supported":["ES256"]""";

    [Test]
    public async Task Each_request_proves_the_key_anew_and_the_token_is_sent_as_bound()
    {
        await using var world = new GuardedWorld { MoreMetadata = Metadata, MoreResource = ""","dpop_bound_access_tokens_required":true""" };
        world.OnIssuer = call => call.Path == "/token" ? call.JsonAsync(Bound(world)) : world.IssueAsync(call);
        var store = new InMemoryTokenStore();

        await using var client = await world.ConnectAsync(world.Authorization with { Tokens = store });
        await client.CallToolAsync("any");

        var asked = Proof(world.TokenRequests.Single());
        asked.Payload.GetProperty("htm").GetString().Should().Be("POST");
        asked.Payload.GetProperty("htu").GetString().Should().Be($"{world.IssuerName}/token");
        var calls = world.Resource.Calls.Where(call => call.Header("Authorization") is not null).ToArray();
        calls.Should().HaveCountGreaterThan(1).And.OnlyContain(call => call.Header("Authorization") == "DPoP token-1");
        calls.Select(call => Proof(call).JwtId).Should().OnlyHaveUniqueItems();
        calls.Select(call => Proof(call).Payload.GetProperty("ath").GetString()).Distinct().Should().ContainSingle();

        // Another client on the same store goes on with the key, for it is kept with the token.
        await using var next = await world.ConnectAsync(world.Authorization with { Tokens = store });
        Proof(world.Resource.Calls.Last()).Header.GetProperty("jwk").GetRawText().Should().Be(asked.Header.GetProperty("jwk").GetRawText());
    }

    [Test]
    public async Task A_nonce_that_a_server_asks_for_is_sent_with_the_next_request_and_a_server_that_never_has_enough_is_given_up()
    {
        await using var world = new GuardedWorld { MoreMetadata = Metadata, MoreResource = ""","dpop_bound_access_tokens_required":true""" };
        world.OnIssuer = call => call.Path != "/token" ? world.IssueAsync(call)
            : Nonce(call) == "n1" ? call.JsonAsync(Bound(world))
            : call.JsonAsync("""{"error":"use_dpop_nonce"}""", 400, "DPoP-Nonce: n1\r\n");
        world.OnResource = call => call.Header("DPoP") is not null && Nonce(call) != "n2"
            ? call.RespondAsync(401, headers: "WWW-Authenticate: DPoP error=\"use_dpop_nonce\"\r\nDPoP-Nonce: n2\r\n")
            : world.ServeAsync(call);
        await using var client = await world.ConnectAsync();
        (await client.CallToolAsync("any")).Text.Should().Be("done");

        world.OnResource = call => call.RespondAsync(401, headers: "WWW-Authenticate: DPoP error=\"use_dpop_nonce\"\r\nDPoP-Nonce: other\r\n");
        var before = world.Resource.Calls.Count;
        await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<Exception>();
        (world.Resource.Calls.Count - before).Should().BeLessThan(5);
    }

    [Test]
    public void What_one_server_gave_as_a_nonce_is_not_shown_to_another()
    {
        var (issuer, resource) = (new Uri("https://login.example.com/token"), new Uri("https://mcp.example.com/mcp"));
        var key = ProofKey.New(TimeProvider.System);
        foreach (var (at, nonce) in new[] { (issuer, "n1"), (resource, "n2") })
        {
            using var answer = new HttpResponseMessage { Headers = { { "DPoP-Nonce", nonce } } };
            key.Hear(at, answer.Headers);
        }

        NonceFor(issuer).Should().Be("n1");
        NonceFor(resource).Should().Be("n2");

        string? NonceFor(Uri at) => JsonWebToken.Parse(key.ProofFor(HttpMethod.Post, at, accessToken: null)).Payload.GetProperty("nonce").GetString();
    }

    private static string Bound(GuardedWorld world) => world.TokenFor("").Replace("Bearer", "DPoP", StringComparison.Ordinal);

    private static JsonWebToken Proof(HttpCall call) => JsonWebToken.Parse(call.Header("DPoP")!);

    private static string? Nonce(HttpCall call) => Proof(call).Payload.TryGetProperty("nonce", out var nonce) ? nonce.GetString() : null;
}
