using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

[AuthorizationRequirement("RS8", "RS11", "RS12")]
public sealed class IntrospectionTokenVerifierTests
{
    private const string Issuer = "https://as.example";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ManualTime time = null!;
    private ScriptedHttpServer server = null!;
    private RecordedLog log = null!;
    private IntrospectionTokenVerifier verifier = null!;

    /// <summary>Answers about a token; by default that it is good if its name says so.</summary>
    private Func<HttpCall, Task> answer = null!;

    [SetUp]
    public void Begin()
    {
        time = new ManualTime();
        time.Advance(TimeSpan.FromDays(20_000));
        log = new RecordedLog();
        answer = call => call.JsonAsync((TokenOf(call).StartsWith("good", StringComparison.Ordinal) ? Good() : new JsonObject { ["active"] = false }).ToJsonString());
        server = new ScriptedHttpServer(call => answer(call), "/introspect");
        verifier = Verifier(options => options);
    }

    [TearDown]
    public async Task End()
    {
        verifier.Dispose();
        await server.DisposeAsync();
        log.Dispose();
    }

    [Test]
    public async Task A_token_that_nobody_else_can_read_is_asked_about()
    {
        var access = await verifier.VerifyAsync("good token+/=");

        access.Issuer.Should().Be(Issuer);
        access.Audiences.Should().Equal("https://mcp.example/mcp");
        access.Scopes.Should().BeEquivalentTo("mcp:use", "more");
        (access.ClientId, access.ExpiresAt).Should().Be(("client", time.GetUtcNow().AddHours(1)));
        PrincipalItems.KeyOf(access.Principal).Should().Be($"sub {Issuer.Length}:{Issuer} ada");
        access.Principal.FindFirst("username")!.Value.Should().Be("Ada");

        var call = server.Calls.Single();
        (call.Verb, call.Header("Content-Type")).Should().Be(("POST", "application/x-www-form-urlencoded"));
        call.Body.Should().Be("token=good+token%2B%2F%3D&token_type_hint=access_token");
        call.Header("Authorization").Should().Be("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("my+server%3A:s3cr3t%25")));
    }

    [Test]
    public async Task The_secret_may_stand_in_the_form()
    {
        using var posting = Verifier(options => options with { ClientAuthMethod = ClientAuthMethod.ClientSecretPost });
        await posting.VerifyAsync("good");

        server.Calls.Single().Header("Authorization").Should().BeNull();
        server.Calls.Single().Body.Should().EndWith("&client_id=my+server%3A&client_secret=s3cr3t%25");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Token Handling", 1, AtEveryRevision = true)]
    public async Task A_token_that_is_not_active_is_refused_and_that_is_remembered_for_a_moment()
    {
        for (var i = 0; i < 5; i++)
            await Refused("bad", "*taken back*");
        server.Calls.Should().HaveCount(1);

        time.Advance(TimeSpan.FromSeconds(10));
        await Refused("bad", "*taken back*");
        server.Calls.Should().HaveCount(2);
    }

    [Test]
    public async Task What_was_answered_is_good_for_a_minute_and_not_beyond_the_end_of_the_token()
    {
        await verifier.VerifyAsync("good");
        time.Advance(TimeSpan.FromSeconds(59));
        await verifier.VerifyAsync("good");
        server.Calls.Should().HaveCount(1);
        time.Advance(TimeSpan.FromSeconds(1));
        await verifier.VerifyAsync("good");
        server.Calls.Should().HaveCount(2);

        Answers(("exp", time.GetUtcNow().ToUnixTimeSeconds() + 30));
        await verifier.VerifyAsync("good for a moment");
        time.Advance(TimeSpan.FromSeconds(30));
        await verifier.VerifyAsync("good for a moment");
        server.Calls.Should().HaveCount(4);
    }

    [Test]
    public async Task All_who_ask_about_one_token_wait_for_one_answer()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        answer = async call =>
        {
            asked.TrySetResult();
            await go.Task;
            await call.JsonAsync(Good().ToJsonString());
        };
        using var leaves = new CancellationTokenSource();
        var impatient = verifier.VerifyAsync("good", leaves.Token).AsTask();
        var patient = Enumerable.Range(0, 20).Select(_ => verifier.VerifyAsync("good").AsTask()).ToArray();

        await asked.Task.WaitAsync(Patience);
        await leaves.CancelAsync();
        await FluentActions.Awaiting(() => impatient).Should().ThrowAsync<OperationCanceledException>();
        go.SetResult();
        await Task.WhenAll(patient).WaitAsync(Patience);
        server.Calls.Should().HaveCount(1);
    }

    [Test]
    public async Task About_so_many_tokens_at_once_nobody_is_asked()
    {
        using var busy = Verifier(options => options with { MaxConcurrency = 2 });
        var go = new TaskCompletionSource();
        answer = async call =>
        {
            await go.Task;
            await call.JsonAsync(Good().ToJsonString());
        };
        Task[] two = [busy.VerifyAsync("good 1").AsTask(), busy.VerifyAsync("good 2").AsTask()];

        await busy.Invoking(busy => busy.VerifyAsync("good 3").AsTask()).Should().ThrowAsync<VerifierUnavailableException>();
        go.SetResult();
        await Task.WhenAll(two).WaitAsync(Patience);
        await busy.VerifyAsync("good 3");
    }

    [Test]
    public async Task A_flood_of_bad_tokens_makes_no_good_one_forgotten()
    {
        await verifier.VerifyAsync("good");
        for (var i = 0; i < 1100; i++)
            await Refused($"bad {i}{new string('x', 16_000)}", "*");
        await verifier.VerifyAsync("good");

        server.Calls.Count(call => TokenOf(call) == "good").Should().Be(1);
    }

    [TestCase("iss", "\"https://other.example\"", "*issuer*")]
    [TestCase("iss", "1", null)]
    [TestCase("exp", "1", "*expired*")]
    [TestCase("nbf", "9999999999", "*not valid yet*")]
    [TestCase("iat", "9999999999", "*future*")]
    [TestCase("token_type", "\"refresh_token\"", "*refresh token*")]
    [TestCase("typ", "\"Refresh\"", "*refresh token*")]
    [TestCase("cnf", """{"x5t#S256":"AAAA"}""", "*cnf*")]
    [TestCase("sub", "\"\"", "*nobody*")]
    [TestCase("active", "\"true\"", null)]
    [TestCase("active", "1", null)]
    [TestCase("active", null, null)]
    [TestCase("exp", "\"soon\"", null)]
    [TestCase("aud", "{}", null)]
    public async Task An_answer_about_something_else_lets_nobody_in(string member, string? value, string? refusal)
    {
        Answers((member, value is null ? null : JsonNode.Parse(value)));

        if (refusal is null)
            await Unavailable("good", "*");
        else
            await Refused("good", refusal);
    }

    [Test]
    public async Task An_answer_that_does_not_say_who_issued_the_token_or_until_when_is_taken_as_it_is()
    {
        Answers(("iss", null), ("exp", null), ("aud", null));
        var access = await verifier.VerifyAsync("good");

        (access.Issuer, access.ExpiresAt).Should().Be((Issuer, null));
        access.Audiences.Should().BeEmpty("and so no server takes it");
    }

    [TestCase(400)]
    [TestCase(413)]
    public async Task A_token_that_the_server_chokes_on_shuts_nobody_else_out(int status)
    {
        var usual = answer;
        answer = call => TokenOf(call) == "odd" ? call.JsonAsync("""{"error":"invalid_request"}""", status) : usual(call);

        await Unavailable("odd", $"*{status}*");

        (await verifier.VerifyAsync("good")).ClientId.Should().Be("client");
    }

    [Test]
    public async Task A_server_that_cannot_be_asked_is_not_asked_again_at_once()
    {
        (Func<HttpCall, Task> Answer, string Words)[] bad =
        [
            (call => call.JsonAsync("""{"error":"invalid_client"}""", 401), "*ClientId and ClientSecret*"),
            (call => call.RespondAsync(500), "*500*"),
            (call => call.RespondAsync(307, headers: $"Location: {new Uri(server.Url, "/elsewhere")}\r\n"), "*307*"),
            (call => call.RespondAsync(200, "text/html", "<html>Sign in</html>"), "*cannot be read*"),
            (call => call.JsonAsync("[]"), "*no JSON object*"),
            (call => call.JsonAsync("""{"active":false,"active":true}"""), "*cannot be read*"),
            (call => call.JsonAsync("{}"), "*active*"),
            (call => call.JsonAsync($$"""{"active":true,"x":"{{new string('x', 20_000)}}"}"""), "*16384*"),
            (call => call.JsonAsync(new string(' ', 5_000_000)), "*262144*"),
            (call => call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), "*did not answer*"),
        ];

        foreach (var (wrong, words) in bad)
        {
            var before = server.Calls.Count;
            answer = wrong;
            await Unavailable("good", words);
            for (var i = 0; i < 5; i++)
                await Unavailable($"good {i}", "*a moment ago*");
            server.Calls.Should().HaveCount(before + 1);
            time.Advance(TimeSpan.FromSeconds(5));
        }

        server.Calls.Should().OnlyContain(call => call.Target == "/introspect", "what is sent is for one server alone");
        log.Lines.Should().HaveCount(bad.Length).And.OnlyContain(line => line.StartsWith("Warning", StringComparison.Ordinal));
        Secrets(log.Lines);
        Secrets(log.Exceptions.Select(fault => fault.ToString()));
    }

    [Test]
    public async Task A_server_that_is_slow_keeps_nobody_longer_than_ten_seconds()
    {
        var asked = new TaskCompletionSource();
        answer = call =>
        {
            asked.SetResult();
            return call.SilenceAsync();
        };
        var waiting = verifier.VerifyAsync("good").AsTask();
        await asked.Task.WaitAsync(Patience);
        time.Advance(TimeSpan.FromSeconds(10));

        await FluentActions.Awaiting(() => waiting.WaitAsync(Patience)).Should().ThrowAsync<VerifierUnavailableException>().WithMessage("*within 10 s*");
    }

    [Test]
    public async Task A_token_that_is_too_long_is_not_asked_about()
    {
        await Refused(new string('x', 20_000), "*16384*");
        server.Calls.Should().BeEmpty();
    }

    [Test]
    public void Options_that_make_no_sense_are_refused_at_once()
    {
        Func<IntrospectionTokenVerifierOptions, IntrospectionTokenVerifierOptions>[] wrong =
        [
            options => options with { Endpoint = new("http://as.example/introspect") },
            options => options with { Endpoint = new("/introspect", UriKind.Relative) },
            options => options with { Issuer = "" },
            options => options with { ClientId = "" },
            options => options with { ClientSecret = "" },
            options => options with { ClientAuthMethod = "none" },
            options => options with { ClockSkew = TimeSpan.FromHours(1) },
            options => options with { MaxConcurrency = 0 },
            options => options with { Lifetime = TimeSpan.MaxValue },
            options => options with { RefusalLifetime = TimeSpan.FromSeconds(-1) },
            options => options with { PauseAfterFailure = TimeSpan.FromSeconds(-1) },
            options => options with { Timeout = TimeSpan.Zero },
            options => options with { Timeout = TimeSpan.MaxValue },
        ];

        foreach (var change in wrong)
            FluentActions.Invoking(() => Verifier(change)).Should().Throw<ArgumentException>().Which.ToString().Should().NotContain("s3cr3t");
        Secrets([Options().ToString()]);
    }

    private static string TokenOf(HttpCall call) => WebUtility.UrlDecode(call.Body.Split('&')[0]["token=".Length..]);

    private static void Secrets(IEnumerable<string> texts) =>
        texts.Should().OnlyContain(text => !text.Contains("good", StringComparison.Ordinal) && !text.Contains("s3cr3t", StringComparison.Ordinal));

    private JsonObject Good() => new()
    {
        ["active"] = true,
        ["iss"] = Issuer,
        ["sub"] = "ada",
        ["aud"] = new JsonArray("https://mcp.example/mcp"),
        ["scope"] = "mcp:use more",
        ["client_id"] = "client",
        ["username"] = "Ada",
        ["token_type"] = "Bearer",
        ["exp"] = time.GetUtcNow().ToUnixTimeSeconds() + 3600,
    };

    private void Answers(params (string Name, JsonNode? Value)[] changes)
    {
        var claims = Good();
        foreach (var (name, value) in changes)
        {
            if (value is null)
                claims.Remove(name);
            else
                claims[name] = value;
        }

        answer = call => call.JsonAsync(claims.ToJsonString());
    }

    private IntrospectionTokenVerifierOptions Options() => new()
    {
        Endpoint = server.Url,
        Issuer = Issuer,
        ClientId = "my server:",
        ClientSecret = "s3cr3t%",
        TimeProvider = time,
        Logger = log,
    };

    private IntrospectionTokenVerifier Verifier(Func<IntrospectionTokenVerifierOptions, IntrospectionTokenVerifierOptions> change) => new(change(Options()));

    private async Task Refused(string token, string words) =>
        await verifier.Invoking(verifier => verifier.VerifyAsync(token).AsTask()).Should().ThrowAsync<InvalidTokenException>().WithMessage(words);

    private async Task Unavailable(string token, string words) =>
        await verifier.Invoking(verifier => verifier.VerifyAsync(token).AsTask()).Should().ThrowAsync<VerifierUnavailableException>().WithMessage(words);
}
