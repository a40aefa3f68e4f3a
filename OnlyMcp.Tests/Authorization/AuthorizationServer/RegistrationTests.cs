using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>Programs that register themselves.</summary>
[AuthorizationRequirement("AS5", "AS8")]
public sealed class RegistrationTests
{
    private const string Native = """{"client_name":"A program","redirect_uris":["http://127.0.0.1:3000/callback"],"token_endpoint_auth_method":"none"}""";

    [Test]
    [Spec("2025-03-26 basic/authorization §Dynamic Client Registration")]
    [Spec("2026-07-28 basic/authorization/client-registration §Dynamic Client Registration")]
    public async Task A_program_without_a_secret_gets_an_id_and_hears_what_was_kept()
    {
        await using var server = await ServedAuthorizationServer.StartAsync();

        var answer = await server.PostJsonAsync("/register", """
            {"client_name":"A program","redirect_uris":["http://localhost:3000/callback","https://client.example/callback"],
             "token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token","implicit","client_credentials"],"response_types":["code"],
             "application_type":"native","client_uri":"https://client.example","contacts":["a@client.example"],"software_id":"p","something":"else"}
            """);

        answer.Status.Should().Be(201);
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        answer.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal("*");
        answer.Text("client_id").Should().MatchRegex("^[A-Za-z0-9_-]{43}$");
        answer.Body.GetProperty("client_id_issued_at").GetInt64().Should().BeCloseTo(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 60);
        answer.Body.GetProperty("grant_types").GetRawText().Should().Be("""["authorization_code","refresh_token"]""");
        answer.Body.GetProperty("redirect_uris").GetArrayLength().Should().Be(2);
        answer.Text("client_name").Should().Be("A program");
        answer.Body.TryGetProperty("client_secret", out _).Should().BeFalse();
        answer.Body.TryGetProperty("client_secret_expires_at", out _).Should().BeFalse();
        answer.Body.TryGetProperty("something", out _).Should().BeFalse();
    }

    [TestCase(null)]
    [TestCase("client_secret_basic")]
    [TestCase("client_secret_post")]
    public async Task A_program_with_a_secret_gets_it_once_and_the_store_never_has_it(string? method)
    {
        var store = new InMemoryAuthorizationStore();
        await using var server = await ServedAuthorizationServer.StartAsync(new() { Store = store });
        var said = new JsonObject { ["redirect_uris"] = new JsonArray("https://client.example/callback") };
        if (method is not null)
            said["token_endpoint_auth_method"] = method;

        var answer = await server.PostJsonAsync("/register", said.ToJsonString());

        answer.Status.Should().Be(201);
        answer.Text("token_endpoint_auth_method").Should().Be(method ?? "client_secret_basic");
        answer.Text("client_secret").Should().MatchRegex("^[A-Za-z0-9_-]{43}$");
        answer.Body.GetProperty("client_secret_expires_at").GetInt64().Should().Be(0);
        var kept = (await store.FindAsync("client", answer.Text("client_id")!))!.Value.GetRawText();
        kept.Should().NotContain(answer.Text("client_secret")).And.Contain(RegisteredClient.HashOf(answer.Text("client_secret")!));
    }

    [Test]
    public async Task Two_that_register_the_same_are_two_clients()
    {
        await using var server = await ServedAuthorizationServer.StartAsync();

        var one = await server.PostJsonAsync("/register", Native);
        var other = await server.PostJsonAsync("/register", Native);

        one.Text("client_id").Should().NotBe(other.Text("client_id"));
    }

    [TestCase("https://client.example/callback")]
    [TestCase("https://client.example:8443/callback?a=b")]
    [TestCase("http://localhost/")]
    [TestCase("http://localhost:1234/callback")]
    [TestCase("http://127.0.0.1:1234/callback")]
    [TestCase("http://[::1]:1234/callback")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 3, AtEveryRevision = true)]
    public async Task Answers_may_go_over_https_and_to_the_persons_own_machine(string redirectUri)
    {
        await using var server = await ServedAuthorizationServer.StartAsync();

        var answer = await server.PostJsonAsync("/register", Said("redirect_uris", new JsonArray(redirectUri)));

        answer.Status.Should().Be(201);
        answer.Body.GetProperty("redirect_uris")[0].GetString().Should().Be(redirectUri, "it is kept letter by letter");
    }

    [TestCase("http://client.example/callback", "*own machine alone*")]
    [TestCase("http://127.0.0.1.client.example/callback", "*own machine alone*")]
    [TestCase("http://localhost.client.example/callback", "*own machine alone*")]
    [TestCase("http://10.0.0.1/callback", "*own machine alone*")]
    [TestCase("https://client.example/callback#part", "*fragment*")]
    [TestCase("https://client.example/*", "*wildcard*")]
    [TestCase("https://*.client.example/", "*wildcard*")]
    [TestCase("https://user@client.example/callback", "*user information*")]
    [TestCase("https://client.example\\@evil.example/", "*percent-encoding*")]
    [TestCase("https://client.example/a b", "*percent-encoding*")]
    [TestCase("https://client.example/\n", "*percent-encoding*")]
    [TestCase("https://clіent.example/callback", "*percent-encoding*")]
    [TestCase("https:client.example/callback", "*no absolute address*")]
    [TestCase("/callback", "*no absolute address*")]
    [TestCase("callback", "*no absolute address*")]
    [TestCase("", "*no absolute address*")]
    [TestCase("javascript:alert(1)", "*scheme is javascript*")]
    [TestCase("JavaScript:alert(1)", "*scheme is javascript*")]
    [TestCase("data:text/html,hello", "*scheme is data*")]
    [TestCase("file:///etc/passwd", "*scheme is file*")]
    [TestCase("cursor://callback", "*scheme is cursor*")]
    [TestCase("com.example.app:/callback", "*scheme is com.example.app*")]
    [TestCase("ftp://127.0.0.1/", "*scheme is ftp*")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 3, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/security-considerations §Open Redirection", 3, AtEveryRevision = true)]
    public async Task Answers_go_nowhere_else(string redirectUri, string words)
    {
        await using var server = await ServedAuthorizationServer.StartAsync();

        var answer = await server.PostJsonAsync("/register", Said("redirect_uris", new JsonArray("https://client.example/callback", redirectUri)));

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("invalid_redirect_uri");
        answer.Description.Should().Match(words).And.Contain("redirect_uris[1]");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("many")]
    [TestCase("long")]
    public async Task Addresses_are_one_or_more_and_not_too_many(string uris)
    {
        await using var server = await ServedAuthorizationServer.StartAsync();
        var array = uris switch
        {
            "many" => new JsonArray([.. Enumerable.Range(0, 21).Select(i => (JsonNode)$"https://client.example/{i}")]),
            "long" => new JsonArray($"https://client.example/{new string('x', 2000)}"),
            _ => JsonNode.Parse(uris),
        };

        var answer = await server.PostJsonAsync("/register", Said("redirect_uris", array));

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("invalid_redirect_uri");
    }

    [Test]
    public async Task A_scheme_of_a_program_is_taken_where_the_operator_allows_it()
    {
        await using var server = await ServedAuthorizationServer.StartAsync(new() { RedirectSchemes = ["cursor", "com.example.app"] });

        foreach (var uri in new[] { "cursor://callback", "com.example.app:/callback" })
            (await server.PostJsonAsync("/register", Said("redirect_uris", new JsonArray(uri)))).Status.Should().Be(201, uri);
        (await server.PostJsonAsync("/register", Said("redirect_uris", new JsonArray("vscode://callback")))).Error.Should().Be("invalid_redirect_uri");
    }

    [TestCase("javascript")]
    [TestCase("https")]
    [TestCase("Cursor")]
    [TestCase("data")]
    [TestCase("")]
    public void A_scheme_that_is_no_programs_cannot_be_allowed(string scheme) =>
        FluentActions.Invoking(() => new OnlyMcp.Server.AuthorizationServers.AuthorizationServer(new() { RedirectSchemes = [scheme] }))
            .Should().Throw<ArgumentException>().WithMessage($"*'{scheme}' is no scheme of a program*");

    [TestCase("web", "https://client.example/callback", 201)]
    [TestCase("web", "http://localhost:3000/callback", 400)]
    [TestCase("web", "https://localhost/callback", 400)]
    [TestCase("native", "http://localhost:3000/callback", 201)]
    [TestCase("native", "https://client.example/callback", 201)]
    [TestCase(null, "http://localhost:3000/callback", 201)]
    [Spec("2026-07-28 basic/authorization/client-registration §Application Type and Redirect URI Constraints")]
    public async Task A_client_of_the_web_is_answered_on_the_web(string? type, string redirectUri, int status)
    {
        await using var server = await ServedAuthorizationServer.StartAsync();
        var said = new JsonObject { ["redirect_uris"] = new JsonArray(redirectUri), ["application_type"] = type };

        var answer = await server.PostJsonAsync("/register", said.ToJsonString());

        answer.Status.Should().Be(status);
        if (status == 400)
        {
            answer.Error.Should().Be("invalid_redirect_uri");
            answer.Description.Should().Contain("register it as native");
        }
    }

    [TestCase("application_type", "\"desktop\"", "*application_type*")]
    [TestCase("token_endpoint_auth_method", "\"client_secret_jwt\"", "*token_endpoint_auth_method*")]
    [TestCase("token_endpoint_auth_method", "\"private_key_jwt\"", "*jwks*")]
    [TestCase("grant_types", "[\"client_credentials\"]", "*authorization_code*")]
    [TestCase("grant_types", "[]", "*authorization_code*")]
    [TestCase("grant_types", "[\"refresh_token\"]", "*authorization_code*")]
    [TestCase("response_types", "[\"token\"]", "*response_types*")]
    [TestCase("response_types", "[\"code\",\"id_token\"]", "*response_types*")]
    [TestCase("response_types", "[]", "*response_types*")]
    [TestCase("client_uri", "\"javascript:alert(1)\"", "*client_uri*")]
    [TestCase("logo_uri", "\"data:image/svg+xml,x\"", "*logo_uri*")]
    [TestCase("policy_uri", "\" javascript:alert(1)\"", "*policy_uri*")]
    [TestCase("tos_uri", "\"JAVASCRIPT:alert(1)\"", "*tos_uri*")]
    [TestCase("tos_uri", "\"https://user:word@client.example/\"", "*tos_uri*")]
    [TestCase("client_uri", "\"/about\"", "*client_uri*")]
    [TestCase("client_name", "\"\"", "*client_name*")]
    [TestCase("client_name", "\"a\\nb\"", "*client_name*")]
    [TestCase("client_name", "\"good \\u202Elive\"", "*client_name*")]
    [TestCase("client_name", "\"a\\u2028b\"", "*client_name*")]
    [TestCase("client_name", "7", "*$.client_name*")]
    [TestCase("contacts", "\"a@client.example\"", "*$.contacts*")]
    [TestCase("redirect_uris", "{\"0\":\"https://client.example\"}", "*$.redirect_uris*")]
    [TestCase("grant_types", "[null]", "*authorization_code*")]
    [TestCase("response_types", "[null]", "*response_types*")]
    [TestCase("scope", "\"a\\\"b\"", "*scope*")]
    [TestCase("scope", "\"other\"", "*scope names none of read write*")]
    public async Task What_does_not_fit_is_refused_with_words(string name, string value, string words)
    {
        await using var server = await ServedAuthorizationServer.StartAsync(new()
        {
            Scopes = new Dictionary<string, string> { ["read"] = "Read", ["write"] = "Write" },
        });

        var answer = await server.PostJsonAsync("/register", Said(name, JsonNode.Parse(value)));

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("invalid_client_metadata");
        answer.Description.Should().Match(words);
    }

    [TestCase("redirect_uris", "invalid_redirect_uri")]
    [TestCase("contacts", "invalid_client_metadata")]
    public async Task A_list_holds_texts_and_nothing_else(string name, string error)
    {
        await using var server = await ServedAuthorizationServer.StartAsync();

        var answer = await server.PostJsonAsync("/register", Said(name, new JsonArray("https://client.example/callback", null)));

        answer.Status.Should().Be(400);
        answer.Error.Should().Be(error);
    }

    [TestCase("""{"client_name":"\ud800","redirect_uris":["https://client.example"]}""", "*$.client_name*")]
    [TestCase("""{"redirect_uris":["\ud800"]}""", "*$.redirect_uris*")]
    [TestCase("""{"redirect_uris":["https://c.example"],"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[{"kty":"\ud800"}]}}""", "*jwks*")]
    [TestCase("""{"redirect_uris":["https://c.example"],"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[],"keys":[]}}""", "*")]
    [TestCase("""{"redirect_uris":["https://c.example"],"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[{"\udc00":1}]}}""", "*jwks*")]
    public async Task Half_a_character_and_a_name_that_stands_twice_are_refused(string body, string words)
    {
        await using var server = await ServedAuthorizationServer.StartAsync();

        var answer = await server.PostJsonAsync("/register", body);

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("invalid_client_metadata");
        answer.Description.Should().Match(words);
    }

    [TestCase("client_name")]
    [TestCase("software_id")]
    [TestCase("client_uri")]
    [TestCase("contacts")]
    [TestCase("scope")]
    public async Task Nothing_of_it_is_longer_than_it_need_be(string name)
    {
        await using var server = await ServedAuthorizationServer.StartAsync();
        JsonNode value = name switch
        {
            "contacts" => new JsonArray([.. Enumerable.Range(0, 11).Select(_ => (JsonNode)"a@client.example")]),
            "scope" => string.Join(' ', Enumerable.Range(0, 201)),
            "client_uri" => $"https://client.example/{new string('x', 2000)}",
            _ => new string('x', 201),
        };

        var answer = await server.PostJsonAsync("/register", Said(name, value));

        answer.Error.Should().Be("invalid_client_metadata");
        answer.Description.Should().Contain(name);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\"text\"")]
    [TestCase("""{"redirect_uris":["https://client.example"],"redirect_uris":["https://evil.example"]}""")]
    public async Task What_is_no_object_of_JSON_is_refused(string body)
    {
        await using var server = await ServedAuthorizationServer.StartAsync();

        var answer = await server.PostJsonAsync("/register", body);

        answer.Status.Should().Be(400);
        answer.Error.Should().Be("invalid_client_metadata");
        answer.Description.Should().StartWith("The body is no").And.NotContain("evil");
    }

    [Test]
    public async Task A_form_a_large_body_and_other_verbs_are_refused()
    {
        await using var server = await ServedAuthorizationServer.StartAsync();

        (await server.PostFormAsync("/register", null, ("client_name", "a"))).Status.Should().Be(415);
        (await server.PostJsonAsync("/register", Said("client_name", new string('x', 70_000)))).Status.Should().Be(413);
        foreach (var verb in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
            (await server.SendAsync(new(verb, "/register"))).Status.Should().Be(405);
    }

    [Test]
    public async Task A_program_may_bring_the_public_keys_that_it_signs_with()
    {
        using var signer = JwtSigner.NewEcdsa("k1");
        await using var server = await ServedAuthorizationServer.StartAsync();

        var answer = await server.PostJsonAsync("/register", WithKeys(new JsonWebKeySet(signer.PublicKey).ToJson()));

        answer.Status.Should().Be(201);
        answer.Body.TryGetProperty("client_secret", out _).Should().BeFalse();
        answer.Body.GetProperty("jwks").GetProperty("keys")[0].GetProperty("kid").GetString().Should().Be("k1");
    }

    [TestCase("""{"keys":[]}""", "*No key of jwks fits*")]
    [TestCase("""{}""", "*jwks cannot be read*")]
    [TestCase("""[]""", "*jwks cannot be read*")]
    [TestCase("""{"keys":[{"kty":"oct","k":"AAAA"}]}""", "*private or shared key*")]
    [TestCase("""{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}]}""", "*private or shared key*")]
    [TestCase("""{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}""", "*No key of jwks fits*")]
    [TestCase("""{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}""", "*No key of jwks fits*")]
    [TestCase("""{"keys":["k"]}""", "*No key of jwks fits*")]
    public async Task Keys_that_cannot_be_used_are_refused(string jwks, string words)
    {
        await using var server = await ServedAuthorizationServer.StartAsync();

        var answer = await server.PostJsonAsync("/register", WithKeys(JsonNode.Parse(jwks)!));

        answer.Error.Should().Be("invalid_client_metadata");
        answer.Description.Should().Match(words);
    }

    [Test]
    public async Task Keys_are_not_fetched_and_fit_the_algorithm_that_was_named()
    {
        using var signer = JwtSigner.NewEcdsa();
        await using var server = await ServedAuthorizationServer.StartAsync();
        var keys = new JsonWebKeySet(signer.PublicKey).ToJson();

        var fetched = await server.PostJsonAsync("/register", Said("jwks_uri", "https://client.example/jwks", ("token_endpoint_auth_method", "private_key_jwt")));
        var other = await server.PostJsonAsync("/register", WithKeys(keys, ("token_endpoint_auth_signing_alg", "RS256")));
        var none = await server.PostJsonAsync("/register", WithKeys(keys.DeepClone(), ("token_endpoint_auth_signing_alg", "none")));

        fetched.Description.Should().Contain("jwks_uri, which is not fetched");
        other.Description.Should().Contain("No key of jwks fits");
        none.Description.Should().Contain("No key of jwks fits");
    }

    [Test]
    public async Task The_scopes_that_there_are_are_kept()
    {
        await using var server = await ServedAuthorizationServer.StartAsync(new()
        {
            Scopes = new Dictionary<string, string> { ["read"] = "Read", ["write"] = "Write" },
        });

        (await server.PostJsonAsync("/register", Said("scope", "offline_access read"))).Text("scope").Should().Be("read");
        (await server.PostJsonAsync("/register", Said("scope", ""))).Body.TryGetProperty("scope", out _).Should().BeFalse();
    }

    [Test]
    public async Task Who_registers_too_often_is_told_when_to_come_again()
    {
        var time = new ManualTime();
        await using var server = await ServedAuthorizationServer.StartAsync(new() { RegistrationsPerHour = 2, TimeProvider = time });

        (await server.PostJsonAsync("/register", Native)).Status.Should().Be(201);
        (await server.PostJsonAsync("/register", "{")).Status.Should().Be(400, "it counts all the same");
        var answer = await server.PostJsonAsync("/register", Native);

        answer.Status.Should().Be(429);
        answer.Error.Should().Be("temporarily_unavailable");
        answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromMinutes(30));
        time.Advance(TimeSpan.FromMinutes(30));
        (await server.PostJsonAsync("/register", Native)).Status.Should().Be(201);
    }

    [Test]
    public async Task Who_has_one_address_of_version_6_has_all_of_its_network()
    {
        var host = 0;
        await using var server = await ServedAuthorizationServer.StartAsync(new()
        {
            RegistrationsPerHour = 2,
            TimeProvider = new ManualTime(),
            ClientAddress = _ => IPAddress.Parse($"2001:db8:1:2::{Interlocked.Increment(ref host)}"),
        });

        (await server.PostJsonAsync("/register", Native)).Status.Should().Be(201);
        (await server.PostJsonAsync("/register", Native)).Status.Should().Be(201);
        (await server.PostJsonAsync("/register", Native)).Status.Should().Be(429);
    }

    [Test]
    public async Task All_together_register_no_more_often_than_twenty_addresses_may()
    {
        var address = 0;
        await using var server = await ServedAuthorizationServer.StartAsync(new()
        {
            RegistrationsPerHour = 1,
            TimeProvider = new ManualTime(),
            ClientAddress = _ => new IPAddress(Interlocked.Increment(ref address)),
        });

        for (var i = 0; i < 20; i++)
            (await server.PostJsonAsync("/register", Native)).Status.Should().Be(201);

        (await server.PostJsonAsync("/register", Native)).Status.Should().Be(429);
    }

    [Test]
    public async Task A_full_store_is_said_to_be_full()
    {
        await using var server = await ServedAuthorizationServer.StartAsync(new()
        {
            Store = new InMemoryAuthorizationStore(new() { MaxEntriesOfAKind = 1 }),
        });

        (await server.PostJsonAsync("/register", Native)).Status.Should().Be(201);
        var answer = await server.PostJsonAsync("/register", Native);

        answer.Status.Should().Be(503);
        answer.Error.Should().Be("temporarily_unavailable");
    }

    [Test]
    public async Task A_registration_that_nobody_uses_is_forgotten_after_a_day()
    {
        var time = new ManualTime();
        await using var server = await ServedAuthorizationServer.StartAsync(new() { TimeProvider = time });
        var id = (await server.PostJsonAsync("/register", Native)).Text("client_id")!;

        time.Advance(TimeSpan.FromHours(23));
        (await server.Server.Clients.FindAsync(id, default)).Should().NotBeNull();
        time.Advance(TimeSpan.FromHours(1));

        (await server.Server.Clients.FindAsync(id, default)).Should().BeNull();
    }

    [Test]
    public async Task A_registration_that_is_used_is_kept_for_as_long_again()
    {
        var time = new ManualTime();
        await using var server = await ServedAuthorizationServer.StartAsync(new() { TimeProvider = time });
        var id = (await server.PostJsonAsync("/register", Native)).Text("client_id")!;

        for (var i = 0; i < 3; i++)
        {
            await server.Server.Registrations.ProlongAsync((await server.Server.Clients.FindAsync(id, default))!, default);
            time.Advance(i == 2 ? TimeSpan.FromDays(90) : TimeSpan.FromDays(80));
        }

        (await server.Server.Clients.FindAsync(id, default)).Should().BeNull("nobody used it for 90 days");
    }

    [Test]
    public async Task A_server_that_allows_no_registration_has_no_such_path()
    {
        await using var server = await ServedAuthorizationServer.StartAsync(new() { AllowsRegistration = false });

        (await server.PostJsonAsync("/register", Native)).Status.Should().Be(404);
    }

    private static string Said(string name, JsonNode? value, params (string Name, string Value)[] more)
    {
        var said = new JsonObject { ["redirect_uris"] = new JsonArray("https://client.example/callback") };
        said[name] = value;
        foreach (var (other, text) in more)
            said[other] = text;
        return said.ToJsonString(new JsonSerializerOptions { MaxDepth = 64 });
    }

    private static string WithKeys(JsonNode jwks, params (string Name, string Value)[] more) =>
        Said("jwks", jwks, [.. more, ("token_endpoint_auth_method", "private_key_jwt")]);
}
