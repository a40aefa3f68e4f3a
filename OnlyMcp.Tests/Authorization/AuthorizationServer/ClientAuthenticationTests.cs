using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>How clients show who they are at the token endpoint. Who has done so hears what is wrong with the rest of his request.</summary>
[AuthorizationRequirement("AS11", "CL36", "CL37", "CL38")]
public sealed class ClientAuthenticationTests
{
    private const string Passed = "unsupported_grant_type";
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly JwtSigner signer = JwtSigner.NewEcdsa("k1");
    private readonly ManualTime time = new();
    private ServedAuthorizationServer server = null!;

    [SetUp]
    public async Task StartAsync() => server = await ServedAuthorizationServer.StartAsync(new()
    {
        TimeProvider = time,
        Clients =
        [
            Client("open", ClientAuthMethod.None),
            Client("basic", ClientAuthMethod.ClientSecretBasic, "s3cret"),
            Client("post", ClientAuthMethod.ClientSecretPost, "s3cret"),
            Client("odd: 100%+ä", ClientAuthMethod.ClientSecretBasic, "s:3 %+ü"),
            Client("signs", ClientAuthMethod.PrivateKeyJwt) with
            {
                Metadata = new()
                {
                    TokenEndpointAuthMethod = ClientAuthMethod.PrivateKeyJwt,
                    Jwks = JsonElement.Parse(new JsonWebKeySet(signer.PublicKey).ToJson().ToJsonString()),
                },
            },
            Client("over", ClientAuthMethod.None) with { ExpiresAt = DateTimeOffset.UnixEpoch },
        ],
    });

    [TearDown]
    public async Task StopAsync() => await server.DisposeAsync();

    [OneTimeTearDown]
    public void DisposeKey() => signer.Dispose();

    [Test]
    public async Task A_client_without_a_secret_says_its_id() => (await PostAsync(("client_id", "open"))).Error.Should().Be(Passed);

    [TestCase("basic")]
    [TestCase("post")]
    public async Task A_secret_comes_in_the_header_or_in_the_body(string id)
    {
        (await PostAsync(Basic(id, "s3cret"))).Error.Should().Be(Passed);
        (await PostAsync(Basic(id, "s3cret"), ("client_id", id))).Error.Should().Be(Passed);
        (await PostAsync(("client_id", id), ("client_secret", "s3cret"))).Error.Should().Be(Passed);
    }

    [Test]
    public async Task In_the_header_both_are_encoded_as_in_a_form()
    {
        (await PostAsync(Basic("odd%3A+100%25%2B%C3%A4", "s%3A3+%25%2B%C3%BC"))).Error.Should().Be(Passed);
        (await PostAsync(Basic("odd: 100%+ä", "s:3 %+ü"))).Error.Should().Be("invalid_client", "neither is encoded");
        (await PostAsync(("client_id", "odd: 100%+ä"), ("client_secret", "s:3 %+ü"))).Error.Should().Be(Passed);
    }

    [Test]
    public async Task Who_tried_the_header_is_asked_for_it_and_nobody_else()
    {
        var header = await PostAsync(Basic("basic", "wrong"));
        var body = await PostAsync(("client_id", "basic"), ("client_secret", "wrong"));

        foreach (var answer in new[] { header, body })
        {
            answer.Status.Should().Be(401);
            answer.Error.Should().Be("invalid_client");
            answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        }

        header.Headers.WwwAuthenticate.Should().ContainSingle().Which.Scheme.Should().Be("Basic");
        body.Headers.WwwAuthenticate.Should().BeEmpty();
    }

    [Test]
    public async Task Whether_an_id_is_known_is_not_told_apart_from_a_wrong_secret()
    {
        var wrong = await PostAsync(("client_id", "basic"), ("client_secret", "wrong"));
        var unknown = await PostAsync(("client_id", "nobody"), ("client_secret", "wrong"));

        unknown.Status.Should().Be(wrong.Status);
        unknown.Body.GetRawText().Should().Be(wrong.Body.GetRawText()).And.NotContain("wrong\"");
    }

    [TestCase("client_id=nobody")]
    [TestCase("client_id=over")]
    [TestCase("client_id=basic")]
    [TestCase("client_id=signs")]
    [TestCase("client_id=open&client_secret=guess")]
    [TestCase("client_id=signs&client_secret=guess")]
    [TestCase("client_secret=s3cret")]
    [TestCase("")]
    public async Task Who_does_not_show_what_it_registered_is_nobody(string form)
    {
        var answer = await PostAsync([.. form.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => (pair.Split('=')[0], pair.Split('=')[1]))]);

        answer.Status.Should().Be(401);
        answer.Error.Should().Be("invalid_client");
        answer.Description.Should().NotBeNullOrEmpty().And.NotContain("s3cret").And.NotContain("guess");
    }

    [TestCase("Bearer abc")]
    [TestCase("Basic")]
    [TestCase("Basic !!!")]
    [TestCase("Basic bm9jb2xvbg==")]
    [TestCase("Basic Og==")]
    [TestCase("Basic OnMzY3JldA==")]
    [TestCase("Basic YmFzaWM6")]
    [TestCase("Basic JXp6OnMzY3JldA==")]
    [TestCase("Basic //79")]
    public async Task A_header_that_says_nothing_is_refused(string header)
    {
        var answer = await PostAsync(AuthenticationHeaderValue.Parse(header), ("client_id", "open"));

        answer.Status.Should().Be(401);
        answer.Error.Should().Be("invalid_client");
        answer.Headers.WwwAuthenticate.Should().ContainSingle();
    }

    [Test]
    public async Task More_than_one_way_in_one_request_is_refused()
    {
        var assertion = ("client_assertion", Assertion());
        Answer[] answers =
        [
            await PostAsync(Basic("basic", "s3cret"), ("client_secret", "s3cret")),
            await PostAsync(Basic("basic", "s3cret"), ("client_assertion_type", AssertionType), assertion),
            await PostAsync(("client_id", "post"), ("client_secret", "s3cret"), ("client_assertion_type", AssertionType), assertion),
            await PostAsync(Basic("basic", "s3cret"), ("client_id", "post")),
        ];

        foreach (var answer in answers)
        {
            answer.Status.Should().Be(400);
            answer.Error.Should().Be("invalid_request");
        }
    }

    [Test]
    public async Task What_is_sent_twice_counts_neither_time()
    {
        var answer = await PostAsync(("client_id", "open"), ("client_id", "basic"));

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("invalid_request");
    }

    [Test]
    [Spec("ext-auth oauth-client-credentials §Client Authentication Methods")]
    public async Task A_client_signs_for_the_issuer_or_for_the_token_endpoint()
    {
        foreach (var audience in new JsonNode[] { server.Issuer, server.Issuer + "/", server.Issuer + "/token", new JsonArray(server.Issuer) })
            (await SignedAsync(claims => claims["aud"] = audience)).Error.Should().Be(Passed, audience.ToJsonString());
        (await SignedAsync(_ => { }, ("client_id", "signs"))).Error.Should().Be(Passed);
    }

    [TestCase("aud", "\"https://other.example\"", "*aud is*")]
    [TestCase("aud", "[]", "*aud is*")]
    [TestCase("aud", null, "*aud is*")]
    [TestCase("iss", "\"open\"", "*iss and sub*")]
    [TestCase("sub", "\"open\"", "*iss and sub*")]
    [TestCase("sub", null, "*iss and sub*")]
    [TestCase("exp", null, "*exp*")]
    [TestCase("exp", "-61", "*exp*")]
    [TestCase("exp", "3700", "*too far ahead*")]
    [TestCase("exp", "\"soon\"", "*exp*")]
    [TestCase("exp", "253402300799.0", "*too far ahead*")]
    [TestCase("nbf", "253402300799.0", "*nbf or iat*")]
    [TestCase("iat", "1e300", "*iat*")]
    [TestCase("nbf", "120", "*nbf or iat*")]
    [TestCase("iat", "120", "*nbf or iat*")]
    [TestCase("jti", null, "*jti*")]
    [TestCase("jti", "\"\"", "*jti*")]
    [TestCase("jti", "7", "*jti*")]
    public async Task What_it_signed_has_to_say_who_for_whom_and_when(string name, string? value, string words)
    {
        time.Advance(TimeSpan.FromDays(1));
        var answer = await SignedAsync(claims =>
        {
            claims.Remove(name);
            if (value is not null)
                claims[name] = int.TryParse(value, out var seconds) && name != "jti" ? Now + seconds : JsonNode.Parse(value);
        });

        answer.Status.Should().Be(401);
        answer.Error.Should().Be("invalid_client");
        answer.Description.Should().Match(words);
    }

    [Test]
    public async Task What_is_for_others_too_is_refused()
    {
        var answer = await SignedAsync(claims => claims["aud"] = new JsonArray(server.Issuer, "https://other.example"));

        answer.Description.Should().Contain("nothing else");
    }

    [Test]
    public async Task What_was_signed_is_good_once()
    {
        var assertion = Assertion();

        (await PostAsync(("client_assertion_type", AssertionType), ("client_assertion", assertion))).Error.Should().Be(Passed);
        var again = await PostAsync(("client_assertion_type", AssertionType), ("client_assertion", assertion));

        again.Status.Should().Be(401);
        again.Description.Should().Contain("used before");
    }

    [Test]
    public async Task Of_those_who_bring_the_same_at_once_one_gets_through()
    {
        var assertion = Assertion();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            PostAsync(("client_assertion_type", AssertionType), ("client_assertion", assertion))));

        answers.Count(answer => answer.Error == Passed).Should().Be(1);
    }

    [Test]
    public async Task What_was_refused_is_not_used_up()
    {
        var assertion = Assertion();
        (await PostAsync(("client_assertion_type", AssertionType), ("client_assertion", assertion), ("client_id", "open"))).Status.Should().Be(401);

        (await PostAsync(("client_assertion_type", AssertionType), ("client_assertion", assertion))).Error.Should().Be(Passed);
    }

    [Test]
    public async Task Another_key_signs_for_nobody()
    {
        using var other = JwtSigner.NewEcdsa("k1");

        var answer = await PostAsync(("client_assertion_type", AssertionType), ("client_assertion", other.Sign(Claims(), "JWT")));

        answer.Status.Should().Be(401);
        answer.Description.Should().Contain("no key");
    }

    [Test]
    public async Task A_client_that_has_a_secret_does_not_sign()
    {
        var answer = await SignedAsync(claims => (claims["iss"], claims["sub"]) = ("basic", "basic"));

        answer.Description.Should().Contain("no key");
    }

    [TestCase("none")]
    [TestCase("HS256")]
    public async Task A_shared_key_and_no_key_are_none(string algorithm)
    {
        static string Part(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var forged = $$"""{{Part($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}}.{{Part(Claims().ToJsonString())}}.{{Part("signature")}}""";

        var answer = await PostAsync(("client_assertion_type", AssertionType), ("client_assertion", forged));

        answer.Status.Should().Be(401);
        answer.Description.Should().Contain("no key");
    }

    [TestCase("nonsense")]
    [TestCase("a.b")]
    [TestCase("e30.e30.")]
    public async Task What_is_no_token_is_refused(string assertion)
    {
        var answer = await PostAsync(("client_assertion_type", AssertionType), ("client_assertion", assertion));

        answer.Status.Should().Be(401);
        answer.Error.Should().Be("invalid_client");
    }

    [TestCase(null)]
    [TestCase("urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]
    public async Task An_assertion_says_of_which_kind_it_is(string? type)
    {
        var answer = await PostAsync(type is null ? [("client_assertion", Assertion())] : [("client_assertion_type", type), ("client_assertion", Assertion())]);

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("invalid_request");
        answer.Description.Should().Contain(AssertionType);
    }

    [TestCase(ClientAuthMethod.ClientSecretBasic, null)]
    [TestCase(ClientAuthMethod.PrivateKeyJwt, null)]
    [TestCase(ClientAuthMethod.None, "s3cret")]
    [TestCase("tls_client_auth", "s3cret")]
    public void A_client_that_could_not_show_anything_is_not_taken(string method, string? secret) =>
        FluentActions.Invoking(() => new OnlyMcp.Server.AuthorizationServers.AuthorizationServer(new() { Clients = [Client("a", method, secret)] }))
            .Should().Throw<ArgumentException>().WithMessage($"*'a'*'{method}'*");

    [Test]
    public void A_secret_in_the_place_of_its_hash_and_an_address_that_nobody_may_be_sent_to_are_not_taken()
    {
        var plain = Client("a", ClientAuthMethod.ClientSecretBasic) with { SecretHash = "s3cret" };
        var away = Client("b", ClientAuthMethod.None) with { Metadata = new() { TokenEndpointAuthMethod = "none", RedirectUris = ["http://evil.example/"] } };
        var twice = Client("c", ClientAuthMethod.None);

        Make(plain).Should().Throw<ArgumentException>().WithMessage("*SecretHash*'a'*HashOf*").And.Message.Should().NotContain("s3cret");
        Make(away).Should().Throw<ArgumentException>().WithMessage("*'b'*own machine*");
        Make(twice, twice).Should().Throw<ArgumentException>().WithMessage("*Two clients*'c'*");

        static Func<OnlyMcp.Server.AuthorizationServers.AuthorizationServer> Make(params RegisteredClient[] clients) => () => new(new() { Clients = clients });
    }

    [Test]
    [AuthorizationRequirement("RS12")]
    public async Task No_secret_reaches_the_log()
    {
        using var log = new RecordedLog();
        await using var logging = await ServedAuthorizationServer.StartAsync(new()
        {
            TimeProvider = time,
            LoggerFactory = log,
            Store = new BrokenStore(),
            Clients = [Client("basic", ClientAuthMethod.ClientSecretBasic, "s3cret")],
        });

        (await logging.PostFormAsync("/token", null, ("client_id", "basic"), ("client_secret", "s3cret"))).Status.Should().Be(400);
        (await logging.PostFormAsync("/token", null, ("client_id", "basic"), ("client_secret", "gu3ss"))).Status.Should().Be(401);
        var broken = await logging.PostFormAsync("/token", Basic("nobody", "s3cret"));

        broken.Status.Should().Be(500);
        broken.Error.Should().Be("server_error");
        log.Lines.Should().ContainSingle("what broke is told").Which.Should().StartWith("Error");
        string.Join('\n', log.Lines.Concat(log.Exceptions.Select(fault => fault.ToString()))).Should().NotContain("s3cret").And.NotContain("gu3ss");
    }

    private static RegisteredClient Client(string id, string method, string? secret = null) => new()
    {
        ClientId = id,
        Metadata = new() { TokenEndpointAuthMethod = method },
        SecretHash = secret is null ? null : RegisteredClient.HashOf(secret),
    };

    private static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private JsonObject Claims() => new()
    {
        ["iss"] = "signs",
        ["sub"] = "signs",
        ["aud"] = server.Issuer,
        ["exp"] = Now + 60,
        ["iat"] = Now,
        ["jti"] = Guid.NewGuid().ToString(),
    };

    private string Assertion() => signer.Sign(Claims(), "JWT");

    private Task<Answer> SignedAsync(Action<JsonObject> change, params (string Name, string Value)[] more)
    {
        var claims = Claims();
        change(claims);
        return PostAsync([("client_assertion_type", AssertionType), ("client_assertion", signer.Sign(claims, "JWT")), .. more]);
    }

    private Task<Answer> PostAsync(params (string Name, string Value)[] form) => PostAsync(null, form);

    private Task<Answer> PostAsync(AuthenticationHeaderValue? header, params (string Name, string Value)[] form) =>
        server.PostFormAsync("/token", header, [("grant_type", "urn:example:none"), .. form]);

    private sealed class BrokenStore : IAuthorizationStore
    {
        public ValueTask<StoredEntry?> FindAsync(string kind, string key, CancellationToken cancellationToken = default) => throw new IOException("The disk is gone.");

        public ValueTask<bool> TryWriteAsync(StoredEntry entry, long? expectedVersion, CancellationToken cancellationToken = default) => throw new IOException("The disk is gone.");

        public ValueTask RemoveAsync(string kind, string key, CancellationToken cancellationToken = default) => throw new IOException("The disk is gone.");
    }
}
