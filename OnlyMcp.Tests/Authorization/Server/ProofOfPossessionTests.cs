using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>Tokens that are bound to a key (RFC 9449): whoever has stolen one cannot use it.</summary>
[AuthorizationRequirement("RS8")]
public sealed class ProofOfPossessionTests
{
    private static readonly Uri Endpoint = new("https://mcp.example.com/mcp");

    private readonly ManualTime time = new();
    private readonly JwtSigner key = JwtSigner.NewEcdsa();
    private readonly JwtSigner thiefs = JwtSigner.NewEcdsa();

    [OneTimeTearDown]
    public void Forget()
    {
        key.Dispose();
        thiefs.Dispose();
    }

    [Test]
    public async Task With_a_proof_the_token_is_good()
    {
        var http = await Guarded().AskAsync(Call(Proof()));

        http.Status.Should().Be(200, http.Body);
        http.Body.Should().Contain("\"text\":\"ann\"");
    }

    [Test]
    public async Task As_a_bearer_token_it_is_worth_nothing()
    {
        var guarded = Guarded();

        var http = await guarded.AskAsync(Wire.ModernPost("whoami").Bearing("bound").With("DPoP", Proof()));

        http.Status.Should().Be(401);
        http.Challenge().Scheme.Should().Be("DPoP");
        http.Challenge()["error"].Should().Be("invalid_token");
        http.Challenge()["algs"].Should().Contain("ES256");
        http.Challenge()["resource_metadata"].Should().Be("https://mcp.example.com/.well-known/oauth-protected-resource/mcp");
    }

    [Test]
    public async Task A_token_for_everybody_who_holds_it_needs_no_proof_and_is_not_sent_with_one()
    {
        var guarded = Guarded();
        guarded.Tokens.Add("bob");

        (await guarded.CallAsync("whoami", "bob")).Status.Should().Be(200);
        var http = await guarded.AskAsync(Wire.ModernPost("whoami").With("Authorization", "DPoP bob").With("DPoP", Proof(token: "bob")));
        http.Status.Should().Be(401);
        http.Challenge()["error"].Should().Be("invalid_token");
    }

    [Test]
    public async Task A_proof_is_made_for_this_request_with_this_token_and_key_and_now()
    {
        var guarded = Guarded();
        (string Why, string? Proof)[] wrong =
        [
            ("missing", null),
            ("no JWT", "no proof"),
            ("two of them", $"{Proof()},{Proof()}"),
            ("another verb", DpopProof.Create(key, "GET", Endpoint, time.GetUtcNow(), null, "bound")),
            ("another address", DpopProof.Create(key, "POST", new Uri("https://mcp.example.com/other"), time.GetUtcNow(), null, "bound")),
            ("another host", DpopProof.Create(key, "POST", new Uri("https://evil.example/mcp"), time.GetUtcNow(), null, "bound")),
            ("no token", DpopProof.Create(key, "POST", Endpoint, time.GetUtcNow())),
            ("another token", Proof(token: "other")),
            ("another key", DpopProof.Create(thiefs, "POST", Endpoint, time.GetUtcNow(), null, "bound")),
            ("too old", DpopProof.Create(key, "POST", Endpoint, time.GetUtcNow().AddMinutes(-3), null, "bound")),
            ("from the future", DpopProof.Create(key, "POST", Endpoint, time.GetUtcNow().AddMinutes(3), null, "bound")),
        ];

        foreach (var (why, proof) in wrong)
        {
            var http = await guarded.AskAsync(Call(proof));
            http.Status.Should().Be(401, why);
            http.Challenge()["error"].Should().Be("invalid_dpop_proof", why);
            http.Challenge()["error_description"].Should().NotBeNullOrEmpty(why);
        }
    }

    [Test]
    public async Task A_proof_is_used_once()
    {
        var guarded = Guarded();
        var proof = Proof();

        (await guarded.AskAsync(Call(proof))).Status.Should().Be(200);
        var replay = await guarded.AskAsync(Call(proof));
        replay.Status.Should().Be(401);
        replay.Challenge()["error_description"].Should().Contain("used before");

        // What is too old to be replayed is forgotten.
        time.Advance(TimeSpan.FromMinutes(10));
        (await guarded.AskAsync(Call(proof))).Challenge()["error_description"].Should().Contain("too old");
        (await guarded.AskAsync(Call(Proof()))).Status.Should().Be(200);
    }

    [Test]
    public async Task What_such_a_token_does_not_allow_is_told_in_its_own_scheme()
    {
        var guarded = Guarded(server => server.AddTool("write", "Writes", [McpScopes("files:write")] () => "written"));

        var http = await guarded.AskAsync(Wire.ModernPost("write").With("Authorization", "DPoP bound").With("DPoP", Proof()));

        http.Status.Should().Be(403);
        http.Challenge().Scheme.Should().Be("DPoP");
        http.Challenge()["scope"].Should().Be("files:write");
    }

    [Test]
    public async Task The_address_in_a_proof_is_the_one_that_clients_know()
    {
        var guarded = Guarded();
        await using var handler = new OnlyMcp.Server.Http.McpHttpHandler(
            guarded.Server, new OnlyMcp.Server.Http.McpHttpOptions { PublicBaseAddress = new Uri("https://example.com/tools") });
        guarded.Tokens.Audience = "https://example.com/tools/mcp";
        Bind(guarded);
        var http = Call(DpopProof.Create(key, "POST", new Uri("https://example.com/tools/mcp"), time.GetUtcNow(), null, "bound"));

        await handler.HandleAsync(http);

        http.Status.Should().Be(200, http.Body);
    }

    private GuardedServer Guarded(Action<McpServer>? offer = null)
    {
        var guarded = new GuardedServer(options: new McpServerOptions { TimeProvider = time }, offer: offer);
        Bind(guarded);
        return guarded;
    }

    private void Bind(GuardedServer guarded) =>
        guarded.Tokens.Add("ann", token: "bound", change: token => token with { KeyThumbprint = key.PublicKey.Thumbprint() });

    private string Proof(string token = "bound") => DpopProof.Create(key, "POST", Endpoint, time.GetUtcNow(), null, token);

    private static FakeHttpExchange Call(string? proof) =>
        Wire.ModernPost("whoami").With("Authorization", "DPoP bound").With("DPoP", proof);
}
