using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Authorization.Jose;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

[AuthorizationRequirement("RS8", "RS11", "RS12")]
public sealed class JwtTokenVerifierTests
{
    private ManualTime time = null!;
    private TokenIssuer issuer = null!;
    private RecordedLog log = null!;
    private JwtTokenVerifier verifier = null!;

    [SetUp]
    public void Begin()
    {
        time = new ManualTime();
        issuer = new TokenIssuer(time);
        log = new RecordedLog();
        verifier = Verifier(options => options);
    }

    [TearDown]
    public async Task End()
    {
        verifier.Dispose();
        await issuer.DisposeAsync();
        log.Dispose();
    }

    [Test]
    public async Task A_genuine_token_says_who_may_do_what()
    {
        var access = await verifier.VerifyAsync(issuer.Token(("roles", new JsonArray("admin", "user")), ("name", "Ada"), ("nothing", JsonValue.Create<string?>(null))));

        access.Issuer.Should().Be(issuer.Name);
        access.Audiences.Should().Equal("https://mcp.example/mcp");
        access.Scopes.Should().BeEquivalentTo("mcp:use", "mcp:admin");
        access.ClientId.Should().Be("client");
        access.ExpiresAt.Should().Be(time.GetUtcNow().AddHours(1));
        access.KeyThumbprint.Should().BeNull();
        access.Principal.Identity!.IsAuthenticated.Should().BeTrue();
        access.Principal.Identity.Name.Should().Be("Ada");
        access.Principal.IsInRole("admin").Should().BeTrue();
        access.Principal.FindFirst("sub")!.Issuer.Should().Be(issuer.Name);
        PrincipalItems.KeyOf(access.Principal).Should().Be($"sub {issuer.Name.Length}:{issuer.Name} ada");
    }

    [Test]
    public async Task The_same_subject_of_another_issuer_is_somebody_else()
    {
        await using var other = new TokenIssuer(time);
        using var both = Verifier(options => options with { Issuers = [issuer.Name, other.Name] });

        var one = await both.VerifyAsync(issuer.Token());
        var two = await both.VerifyAsync(other.Token());

        PrincipalItems.KeyOf(one.Principal).Should().NotBe(PrincipalItems.KeyOf(two.Principal));
        await Refused(issuer.Token(other.Signer, "at+jwt"), "*not publish*", both);
    }

    [Test]
    public async Task A_client_that_acts_for_itself_is_its_own_subject()
    {
        var access = await verifier.VerifyAsync(issuer.Token(("sub", null)));

        (access.Principal.FindFirst("sub")!.Value, access.ClientId).Should().Be(("client", "client"));
        await Refused(issuer.Token(("sub", null), ("client_id", null)), "*nobody*");
        await Refused(issuer.Token(("sub", "")), "*nobody*");
    }

    [Test]
    public async Task Scopes_are_found_where_servers_put_them()
    {
        (await Scopes(("scope", null), ("scp", "a b"))).Should().BeEquivalentTo("a", "b");
        (await Scopes(("scope", null), ("scp", new JsonArray("a", "b")))).Should().BeEquivalentTo("a", "b");
        (await Scopes(("scope", new JsonArray("a", "b")))).Should().BeEquivalentTo("a", "b");
        (await Scopes(("scope", null))).Should().BeEmpty();
        (await Scopes(("scope", "a"), ("scp", "admin"))).Should().BeEquivalentTo(["a"], "one place counts");
        await Refused(issuer.Token(("scope", 1)), "*scope*");
        await Refused(issuer.Token(("scope", new JsonArray(1))), "*scope*");

        async Task<IReadOnlySet<string>> Scopes(params (string, JsonNode?)[] claims) => (await verifier.VerifyAsync(issuer.Token(claims))).Scopes;
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Token Handling", 1, AtEveryRevision = true)]
    public async Task A_token_is_good_from_its_beginning_to_its_end_give_or_take_a_minute()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();

        await verifier.VerifyAsync(issuer.Token(("exp", now - 59)));
        await verifier.VerifyAsync(issuer.Token(("nbf", now + 60)));
        await verifier.VerifyAsync(issuer.Token(("iat", now + 60)));
        await verifier.VerifyAsync(issuer.Token(("iat", null)));
        await verifier.VerifyAsync(issuer.Token(("exp", 253402300799)));
        await Refused(issuer.Token(("exp", now - 60)), "*expired*");
        await Refused(issuer.Token(("exp", 0)), "*expired*");
        await Refused(issuer.Token(("exp", null)), "*when it expires*");
        await Refused(issuer.Token(("nbf", now + 61)), "*not valid yet*");
        await Refused(issuer.Token(("iat", now + 61)), "*future*");
    }

    [Spec("2026-07-28 basic/authorization §Token Handling", 1, AtEveryRevision = true)]
    [TestCase("/")]
    [TestCase(".evil.example")]
    [TestCase("?")]
    public async Task An_issuer_is_trusted_by_its_exact_name(string more)
    {
        await Refused(issuer.Token(("iss", issuer.Name + more)), "*issuer*");
        await Refused(issuer.Token(("iss", issuer.Name.ToUpperInvariant())), "*issuer*");
        await Refused(issuer.Token(("iss", null)), "*issuer*");
        issuer.Asked.Should().BeEmpty("a token makes nobody ask anywhere");
    }

    [Test]
    public async Task A_token_says_nothing_about_where_its_key_is()
    {
        await using var evil = new TokenIssuer(time);
        JsonObject header = new()
        {
            ["jku"] = evil.Name + "/keys",
            ["x5u"] = evil.Name + "/chain",
            ["jwk"] = evil.Signer.PublicKey.ToJson(),
            ["x5c"] = new JsonArray("AAAA"),
        };

        await Refused(evil.Signer.Sign(issuer.Claims, "at+jwt", header), "*not publish*");
        evil.Asked.Should().BeEmpty();
    }

    [Test]
    public async Task Only_signatures_of_the_list_are_believed()
    {
        using var rs = JwtSigner.FromPem(TokenText.PemFor("RS256"), keyId: "rs");
        issuer.Keys = new(issuer.Signer.PublicKey, rs.PublicKey.With(("alg", null)));
        using var strict = Verifier(options => options with { Algorithms = ["ES256"] });

        await verifier.VerifyAsync(issuer.Token(rs, "at+jwt"));
        await Refused(issuer.Token(rs, "at+jwt"), "*algorithm*", strict);
        foreach (var name in new[] { "none", "None", "HS256", "ES256K", "EdDSA", "RS1" })
            await Refused(Signed($$"""{"alg":"{{name}}","kid":"rs"}""", issuer.Claims.ToJsonString(), [0, 0, 0]), "*algorithm*");
        await Refused(Signed("{}", issuer.Claims.ToJsonString(), [0, 0, 0]), "*algorithm*");
        await Refused(Signed("""{"alg":"none"}""", issuer.Claims.ToJsonString(), []), "*not signed*");
    }

    [Test]
    public async Task A_public_key_makes_no_shared_secret()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(TokenText.PemFor("RS256"));
        using var rs = JwtSigner.FromPem(TokenText.PemFor("RS256"), keyId: "rs");
        issuer.Keys = new(rs.PublicKey);
        var head = $"{TokenText.Encoded("""{"alg":"HS256","typ":"at+jwt","kid":"rs"}""")}.{TokenText.Encoded(issuer.Claims.ToJsonString())}";
        var forged = $"{head}.{TokenText.Encoded(HMACSHA256.HashData(Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(head)))}";

        await Refused(forged, "*algorithm*");
    }

    [TestCase("at+jwt", true, true)]
    [TestCase("AT+JWT", true, true)]
    [TestCase("application/at+jwt", true, true)]
    [TestCase("JWT", true, false)]
    [TestCase("application/jwt", true, false)]
    [TestCase("id_token+jwt", false, false)]
    [TestCase("logout+jwt", false, false)]
    [TestCase("dpop+jwt", false, false)]
    [TestCase("oauth-id-jag+jwt", false, false)]
    [TestCase("secevent+jwt", false, false)]
    [TestCase("at+jwt ", false, false)]
    public async Task A_token_of_another_type_is_refused(string type, bool isTaken, bool isTakenWhereTheTypeIsRequired)
    {
        using var strict = Verifier(options => options with { RequiresAccessTokenType = true });
        foreach (var (verifier, taken) in new[] { (verifier, isTaken), (strict, isTakenWhereTheTypeIsRequired) })
        {
            if (taken)
                await verifier.VerifyAsync(issuer.Token(issuer.Signer, type));
            else
                await Refused(issuer.Token(issuer.Signer, type), "*at+jwt*", verifier);
        }
    }

    [TestCase("""{"nonce":"n","scope":null}""", "*ID token*")]
    [TestCase("""{"at_hash":"n"}""", "*ID token*")]
    [TestCase("""{"c_hash":"n"}""", "*ID token*")]
    [TestCase("""{"typ":"ID"}""", "*ID token*")]
    [TestCase("""{"token_use":"id"}""", "*ID token*")]
    [TestCase("""{"typ":"Refresh"}""", "*refresh token*")]
    [TestCase("""{"cnf":{"x5t#S256":"AAAA"}}""", "*cnf*")]
    [TestCase("""{"cnf":{"jkt":"AAAA","x5t#S256":"AAAA"}}""", "*cnf*")]
    [TestCase("""{"cnf":{}}""", "*cnf*")]
    [TestCase("""{"cnf":"jkt"}""", "*cnf*")]
    [TestCase("""{"client_id":1}""", "*client_id*")]
    public async Task A_token_for_something_else_is_refused(string claims, string words) => await Refused(
        issuer.Token(issuer.Signer, "JWT", [.. JsonNode.Parse(claims)!.AsObject().Select(claim => (claim.Key, claim.Value?.DeepClone()))]), words);

    [Test]
    public async Task A_token_that_is_bound_to_a_key_says_so()
    {
        (await verifier.VerifyAsync(issuer.Token(("cnf", new JsonObject { ["jkt"] = "print" })))).KeyThumbprint.Should().Be("print");
        (await verifier.VerifyAsync(issuer.Token(("nonce", "n")))).Scopes.Should().HaveCount(2, "some servers put a nonce into access tokens too");
    }

    [TestCase("")]
    [TestCase("opaque")]
    [TestCase("a.b.c")]
    [TestCase("e30.e30.AAAA")]
    public async Task What_is_no_token_is_refused(string text)
    {
        await Refused(text, "*");
        issuer.Asked.Should().BeEmpty();
    }

    [Test]
    public async Task A_token_is_bounded_in_size()
    {
        await verifier.VerifyAsync(issuer.Token(("more", new string('x', 10_000))));
        await Refused(new string('a', 1_000_000), "*16384*");
        await Refused($"{issuer.Token()}{new string('A', 16_000)}", "*16384*");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Token Handling", 1, AtEveryRevision = true)]
    public async Task A_changed_token_is_refused_and_nothing_else_happens()
    {
        var good = issuer.Token();
        await verifier.VerifyAsync(good);
        var random = new Random(20261121);
        for (var i = 0; i < 1000; i++)
        {
            var at = random.Next(good.Length);
            var changed = $"{good[..at]}{(char)random.Next(33, 127)}{good[(at + 1)..]}";
            if (changed != good)
                await Refused(changed, "*");
        }
    }

    [Test]
    public async Task What_was_found_genuine_is_remembered_for_five_minutes_and_not_beyond_its_end()
    {
        var token = issuer.Token();
        var shortly = issuer.Token(("exp", time.GetUtcNow().ToUnixTimeSeconds() + 120));
        var found = await verifier.VerifyAsync(token);
        await verifier.VerifyAsync(shortly);

        time.Advance(TimeSpan.FromSeconds(181));
        (await verifier.VerifyAsync(token)).Should().BeSameAs(found);
        await Refused(shortly, "*expired*");
        time.Advance(TimeSpan.FromSeconds(119));
        (await verifier.VerifyAsync(token)).Should().NotBeSameAs(found);
    }

    [Test]
    public async Task Nothing_of_a_token_stands_in_a_log_or_an_exception()
    {
        const string Secret = "s3cr3t";
        string[] bad =
        [
            Secret, $"{Secret}.{Secret}.{Secret}", issuer.Token(("iss", Secret)), issuer.Token(("exp", Secret)), issuer.Token(("sub", null), ("client_id", null), ("x", Secret)),
            issuer.Token(JwtSigner.NewEcdsa(Secret), "at+jwt"), issuer.Token(issuer.Signer, Secret), issuer.Token(("at_hash", Secret)),
        ];

        foreach (var token in bad)
        {
            var fault = (await verifier.Invoking(verifier => verifier.VerifyAsync(token).AsTask()).Should().ThrowAsync<InvalidTokenException>()).Which;
            fault.ToString().Should().NotContain(Secret).And.NotContain(token);
            Ascii.IsValid(fault.Message).Should().BeTrue("it stands in a header");
        }

        issuer.KeysAnswer = call => call.RespondAsync(500);
        time.Advance(TimeSpan.FromHours(1));
        await verifier.Invoking(verifier => verifier.VerifyAsync(issuer.Token(JwtSigner.NewEcdsa(Secret), "at+jwt")).AsTask()).Should().ThrowAsync<VerifierUnavailableException>();
        log.Lines.Should().ContainSingle().Which.Should().NotContain(Secret);
        log.Exceptions.Should().OnlyContain(fault => !fault.ToString().Contains(Secret, StringComparison.Ordinal));
    }

    [Test]
    public void Options_that_make_no_sense_are_refused_at_once()
    {
        Func<JwtTokenVerifierOptions, JwtTokenVerifierOptions>[] wrong =
        [
            options => options with { Issuers = [] },
            options => options with { Issuers = ["http://as.example"] },
            options => options with { Issuers = ["login"] },
            options => options with { Issuers = ["https://a.example", "https://b.example"], JwksUri = new("https://a.example/keys") },
            options => options with { JwksUri = new("http://as.example/keys") },
            options => options with { JwksUri = new("/keys", UriKind.Relative) },
            options => options with { Algorithms = [] },
            options => options with { Algorithms = ["ES256", "none"] },
            options => options with { Algorithms = ["HS256"] },
            options => options with { ClockSkew = TimeSpan.FromHours(1) },
            options => options with { ClockSkew = TimeSpan.FromSeconds(-1) },
            options => options with { KeyLifetime = TimeSpan.MaxValue },
            options => options with { Timeout = TimeSpan.Zero },
            options => options with { Timeout = TimeSpan.FromSeconds(-2) },
        ];

        foreach (var change in wrong)
            FluentActions.Invoking(() => Verifier(change)).Should().Throw<ArgumentException>();
    }

    private static string Signed(string header, string payload, byte[] signature) =>
        $"{TokenText.Encoded(header)}.{TokenText.Encoded(payload)}.{TokenText.Encoded(signature)}";

    private JwtTokenVerifier Verifier(Func<JwtTokenVerifierOptions, JwtTokenVerifierOptions> change) =>
        new(change(new() { Issuers = [issuer.Name], TimeProvider = time, Logger = log }));

    private async Task Refused(string token, string words, JwtTokenVerifier? by = null) =>
        await (by ?? verifier).Invoking(verifier => verifier.VerifyAsync(token).AsTask()).Should().ThrowAsync<InvalidTokenException>().WithMessage(words);
}
