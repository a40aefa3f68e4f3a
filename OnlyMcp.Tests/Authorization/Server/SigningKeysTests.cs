using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Authorization.Jose;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>Where the keys come from, how often, and what happens while they do not come.</summary>
[AuthorizationRequirement("RS11")]
public sealed class SigningKeysTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
        verifier = Verifier(issuer);
    }

    [TearDown]
    public async Task End()
    {
        verifier.Dispose();
        await issuer.DisposeAsync();
        log.Dispose();
    }

    [Test]
    public async Task Keys_are_fetched_once_for_all_who_wait()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        issuer.KeysAnswer = async call =>
        {
            asked.TrySetResult();
            await go.Task;
            await call.JsonAsync(issuer.Keys.ToJson().ToJsonString());
        };
        var waiting = Enumerable.Range(0, 50).Select(_ => verifier.VerifyAsync(issuer.Token()).AsTask()).ToArray();

        await asked.Task.WaitAsync(Patience);
        go.SetResult();
        await Task.WhenAll(waiting).WaitAsync(Patience);
        for (var i = 0; i < 50; i++)
            await verifier.VerifyAsync(issuer.Token());

        issuer.KeyFetches.Should().Be(1);
    }

    [Test]
    public async Task However_many_unknown_keys_are_named_the_issuer_is_asked_once_in_an_interval()
    {
        using var stranger = JwtSigner.NewEcdsa();
        await verifier.VerifyAsync(issuer.Token());
        time.Advance(Interval);

        for (var i = 0; i < 200; i++)
            await Refused(issuer.Token(JwtSigner.FromPem(stranger.ExportPkcs8Pem(), keyId: $"k{i}"), "at+jwt"));
        issuer.KeyFetches.Should().Be(2);

        time.Advance(Interval);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Refused(issuer.Token(stranger, "at+jwt"))));
        issuer.KeyFetches.Should().Be(3);
    }

    [Test]
    public async Task A_new_key_is_found_when_its_first_token_comes()
    {
        await verifier.VerifyAsync(issuer.Token());
        time.Advance(Interval);
        using var next = JwtSigner.NewEcdsa();
        issuer.Keys = new(issuer.Signer.PublicKey, next.PublicKey);

        await verifier.VerifyAsync(issuer.Token(next, "at+jwt"));
        await verifier.VerifyAsync(issuer.Token());
        issuer.KeyFetches.Should().Be(2);
        log.Lines.Should().ContainSingle().Which.Should().Contain("other keys");
    }

    [Test]
    public async Task A_key_that_is_no_longer_published_ends_what_was_remembered()
    {
        var old = issuer.Token();
        await verifier.VerifyAsync(old);
        time.Advance(Interval);
        using var next = JwtSigner.NewEcdsa();
        issuer.Keys = new(next.PublicKey);

        await verifier.VerifyAsync(old);
        await verifier.VerifyAsync(issuer.Token(next, "at+jwt"));
        await Refused(old);
    }

    [Test]
    public async Task A_key_without_a_name_may_be_replaced_too()
    {
        using var unnamed = JwtSigner.FromPem(TokenText.PemFor("ES256"));
        using var next = JwtSigner.FromPem(TokenText.PemFor("ES256"));
        issuer.Keys = new(unnamed.PublicKey);
        await verifier.VerifyAsync(issuer.Token(unnamed, "at+jwt"));
        time.Advance(Interval);
        issuer.Keys = new(next.PublicKey);

        await verifier.VerifyAsync(issuer.Token(next, "at+jwt"));
        issuer.KeyFetches.Should().Be(2);
    }

    [Test]
    public async Task Names_of_keys_may_be_missing_on_either_side()
    {
        using var named = JwtSigner.NewEcdsa("name");
        using var same = JwtSigner.FromPem(named.ExportPkcs8Pem());
        using var other = JwtSigner.FromPem(named.ExportPkcs8Pem(), keyId: "other");
        using var rsa = JwtSigner.FromPem(TokenText.PemFor("RS256"), keyId: "name");

        issuer.Keys = new(rsa.PublicKey, issuer.Signer.PublicKey, named.PublicKey);
        await verifier.VerifyAsync(issuer.Token(same, "at+jwt"));
        await verifier.VerifyAsync(issuer.Token(rsa, "at+jwt"));
        await Refused(issuer.Token(other, "at+jwt"), "the key has this name and no other");

        using var fresh = Verifier(issuer);
        issuer.Keys = new(same.PublicKey);
        await fresh.VerifyAsync(issuer.Token(named, "at+jwt"));
    }

    [Test]
    public async Task While_the_issuer_is_down_its_keys_stay_in_use_for_a_day()
    {
        await verifier.VerifyAsync(issuer.Token());
        issuer.KeysAnswer = call => call.RespondAsync(503);
        time.Advance(TimeSpan.FromHours(24));

        await verifier.VerifyAsync(issuer.Token());
        using var next = JwtSigner.NewEcdsa();
        await Unavailable(issuer.Token(next, "at+jwt"), "*503*", "it may be a new key");
        await verifier.Invoking(verifier => verifier.VerifyAsync(issuer.Token().Replace(".eyJpc3MiO", ".eyJpc3MiP", StringComparison.Ordinal)).AsTask())
            .Should().ThrowAsync<InvalidTokenException>("the key is known, and the token is bad");

        time.Advance(TimeSpan.FromMinutes(16));
        await Unavailable(issuer.Token(), "*503*");
        issuer.KeysAnswer = null;
        time.Advance(Interval);
        await verifier.VerifyAsync(issuer.Token());
    }

    [Test]
    public async Task Old_keys_are_looked_at_again_without_anybody_waiting()
    {
        await verifier.VerifyAsync(issuer.Token());
        var asked = new TaskCompletionSource();
        issuer.KeysAnswer = call =>
        {
            asked.TrySetResult();
            return call.SilenceAsync();
        };
        time.Advance(TimeSpan.FromMinutes(15));

        await verifier.VerifyAsync(issuer.Token()).AsTask().WaitAsync(Patience);
        await asked.Task.WaitAsync(Patience);
        await verifier.VerifyAsync(issuer.Token()).AsTask().WaitAsync(Patience);
        issuer.KeyFetches.Should().Be(2);
    }

    [Test]
    public async Task An_issuer_that_is_down_is_asked_once_in_an_interval()
    {
        issuer.KeysAnswer = call => call.RespondAsync(500);
        for (var i = 0; i < 20; i++)
            await Unavailable(issuer.Token(), "*500*");
        issuer.KeyFetches.Should().Be(1);

        issuer.KeysAnswer = null;
        time.Advance(Interval);
        await verifier.VerifyAsync(issuer.Token());
        issuer.KeyFetches.Should().Be(2);
    }

    [Test]
    public async Task An_issuer_that_is_slow_keeps_nobody_longer_than_ten_seconds()
    {
        var asked = new TaskCompletionSource();
        issuer.KeysAnswer = async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
            asked.TrySetResult();
            await call.SilenceAsync();
        };
        using var leaves = new CancellationTokenSource();
        var impatient = verifier.VerifyAsync(issuer.Token(), leaves.Token).AsTask();
        var patient = verifier.VerifyAsync(issuer.Token()).AsTask();

        await asked.Task.WaitAsync(Patience);
        await leaves.CancelAsync();
        await FluentActions.Awaiting(() => impatient).Should().ThrowAsync<OperationCanceledException>();
        patient.IsCompleted.Should().BeFalse("who leaves takes nobody along");
        time.Advance(TimeSpan.FromSeconds(10));
        await FluentActions.Awaiting(() => patient.WaitAsync(Patience)).Should().ThrowAsync<VerifierUnavailableException>().WithMessage("*within 10 s*");
    }

    [Test]
    public async Task An_issuer_that_is_not_there_is_said_to_be_so()
    {
        var gone = new TokenIssuer(time);
        await gone.DisposeAsync();
        using var verifier = Verifier(gone);

        await verifier.Invoking(verifier => verifier.VerifyAsync(gone.Token()).AsTask()).Should().ThrowAsync<VerifierUnavailableException>()
            .WithMessage("*did not answer*");
    }

    [Test]
    public async Task Keys_that_are_none_are_refused_in_words()
    {
        (Func<HttpCall, Task> Answer, string Words)[] bad =
        [
            (call => call.RespondAsync(200, "text/html", "<html>Sign in</html>"), "*no set of keys*"),
            (call => call.JsonAsync("{}"), "*'keys'*"),
            (call => call.JsonAsync("""{"keys":[],"keys":[]}"""), "*no set of keys*"),
            (call => call.RespondAsync(404), "*404*"),
            (call => call.RespondAsync(302, headers: "Location: /elsewhere\r\n"), "*302*"),
            (call => call.JsonAsync(new string(' ', 5_000_000)), "*262144 bytes*"),
            (call => call.SendAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4c4b40\r\n{new string(' ', 5_000_000)}\r\n0\r\n\r\n"), "*262144 bytes*"),
            (call => call.SendAsync("nonsense\r\n\r\n"), "*did not answer*"),
            (call => call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"), "*did not answer*"),
        ];

        foreach (var (answer, words) in bad)
        {
            issuer.KeysAnswer = answer;
            using var verifier = Verifier(issuer);
            await verifier.Invoking(verifier => verifier.VerifyAsync(issuer.Token()).AsTask()).Should().ThrowAsync<VerifierUnavailableException>().WithMessage(words);
        }

        issuer.Asked.Should().NotContain("/elsewhere");
    }

    [Test]
    public async Task Metadata_that_is_wrong_leads_nowhere()
    {
        (JsonObject Metadata, string Words)[] bad =
        [
            (With("issuer", "https://as.example"), "*its issuer is another*"),
            (With("issuer", issuer.Name + "/"), "*its issuer is another*"),
            (With("jwks_uri", null), "*does not say where*"),
            (With("jwks_uri", "/keys"), "*"),
            (With("jwks_uri", "http://192.0.2.1/keys"), "*plain http*"),
            (With("jwks_uri", "file:///etc/passwd"), "*https*"),
            (With("jwks_uri", "javascript:alert(1)"), "*https*"),
            (With("jwks_uri", "https://user:secret@as.example/keys"), "*user information*"),
            ([], "*no metadata*"),
        ];

        foreach (var (metadata, words) in bad)
        {
            issuer.Metadata = metadata;
            using var verifier = Verifier(issuer);
            var fault = await verifier.Invoking(verifier => verifier.VerifyAsync(issuer.Token()).AsTask()).Should().ThrowAsync<VerifierUnavailableException>();
            fault.WithMessage(words).Which.Message.Should().NotContain("secret");
        }

        issuer.KeyFetches.Should().Be(0);
    }

    [Test]
    public async Task Metadata_that_cannot_be_read_leads_nowhere()
    {
        (Func<HttpCall, Task> Answer, string Words)[] bad =
        [
            (call => call.RespondAsync(200, "text/html", "<html></html>"), "*no metadata*"),
            (call => call.JsonAsync("""{"issuer":"a","issuer":"b"}"""), "*no metadata*"),
            (call => call.JsonAsync(new string(' ', 5_000_000)), "*262144 bytes*"),
            (call => call.RespondAsync(301, headers: "Location: http://169.254.169.254/\r\n"), "*301*"),
        ];

        foreach (var (answer, words) in bad)
        {
            issuer.MetadataAnswer = answer;
            using var verifier = Verifier(issuer);
            await verifier.Invoking(verifier => verifier.VerifyAsync(issuer.Token()).AsTask()).Should().ThrowAsync<VerifierUnavailableException>().WithMessage(words);
        }
    }

    [Test]
    public async Task The_document_is_looked_for_in_the_order_of_the_specification()
    {
        await using var tenant = new TokenIssuer(time, "/tenant") { Documents = ["/tenant/.well-known/openid-configuration"] };
        using var verifier = Verifier(tenant);

        await verifier.VerifyAsync(tenant.Token());
        tenant.Asked.Should().Equal(
            "/.well-known/oauth-authorization-server/tenant", "/.well-known/openid-configuration/tenant", "/tenant/.well-known/openid-configuration", "/keys");
    }

    [Test]
    public async Task A_document_about_somebody_else_does_not_hide_the_right_one()
    {
        issuer.Documents = ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"];
        issuer.MetadataAnswer = call => call.JsonAsync((call.Target.Contains("openid", StringComparison.Ordinal)
            ? issuer.DefaultMetadata()
            : With("issuer", "https://as.example")).ToJsonString());

        await verifier.VerifyAsync(issuer.Token());
    }

    [Test]
    public async Task Where_the_keys_are_may_be_told_beforehand()
    {
        using var told = new JwtTokenVerifier(new() { Issuers = [issuer.Name], JwksUri = new($"{issuer.Name}/keys"), TimeProvider = time });
        await told.VerifyAsync(issuer.Token());
        issuer.Asked.Should().Equal("/keys");

        using var given = new JwtTokenVerifier(new() { Issuers = [issuer.Name], Keys = (_, _) => new(issuer.Keys), TimeProvider = time });
        await given.VerifyAsync(issuer.Token());
        issuer.Asked.Should().Equal("/keys");
    }

    private JsonObject With(string name, string? value)
    {
        var metadata = issuer.DefaultMetadata();
        metadata[name] = value;
        return metadata;
    }

    private JwtTokenVerifier Verifier(TokenIssuer issuer) => new(new() { Issuers = [issuer.Name], TimeProvider = time, Logger = log });

    private async Task Refused(string token, string because = "") =>
        await verifier.Invoking(verifier => verifier.VerifyAsync(token).AsTask()).Should().ThrowAsync<InvalidTokenException>(because);

    private async Task Unavailable(string token, string words, string because = "") =>
        await verifier.Invoking(verifier => verifier.VerifyAsync(token).AsTask()).Should().ThrowAsync<VerifierUnavailableException>(because).WithMessage(words);
}
