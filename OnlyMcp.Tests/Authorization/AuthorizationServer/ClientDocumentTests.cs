using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>Programs whose id is the address of a document about them.</summary>
[AuthorizationRequirement("AS6")]
public sealed class ClientDocumentTests
{
    private readonly ManualTime time = new();

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Client ID Metadata Documents")]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements", 1, 8, AtEveryRevision = true)]
    [Spec("2025-11-25 basic/authorization §Client ID Metadata Documents")]
    public async Task The_document_tells_about_the_client()
    {
        await using var web = Serve(call => call.JsonAsync(Document(call)));
        await using var server = await StartAsync();

        var client = await server.Server.Clients.FindAsync(web.Url.ToString(), default);
        var answer = await server.PostFormAsync("/token", null, ("grant_type", "urn:example:none"), ("client_id", web.Url.ToString()));

        client!.Metadata.ClientName.Should().Be("A program");
        client.Metadata.RedirectUris.Should().Equal("http://127.0.0.1:3000/callback");
        client.Metadata.TokenEndpointAuthMethod.Should().Be("none");
        client.IsVouchedFor.Should().BeFalse();
        answer.Error.Should().Be("unsupported_grant_type", "the client is known");
        var call = web.Calls.Should().ContainSingle().Subject;
        call.Header("Accept").Should().Be("application/json");
        call.Header("Cookie").Should().BeNull();
        call.Header("Authorization").Should().BeNull();
    }

    [TestCase("", 9 * 60, 1)]
    [TestCase("", 10 * 60, 2)]
    [TestCase("Cache-Control: max-age=3600\r\n", 3599, 1)]
    [TestCase("Cache-Control: max-age=3600\r\n", 3600, 2)]
    [TestCase("Cache-Control: max-age=3600\r\nAge: 3000\r\n", 600, 2)]
    [TestCase("Cache-Control: public, max-age=31536000\r\n", 86_399, 1)]
    [TestCase("Cache-Control: public, max-age=31536000\r\n", 86_400, 2)]
    [TestCase("Cache-Control: no-store\r\n", 0, 2)]
    [TestCase("Cache-Control: no-cache, max-age=60\r\n", 0, 2)]
    [TestCase("Cache-Control: max-age=0\r\n", 0, 2)]
    public async Task The_document_is_kept_for_as_long_as_it_says_and_for_a_day_at_most(string headers, int seconds, int fetches)
    {
        await using var web = Serve(call => call.JsonAsync(Document(call), headers: headers));
        await using var server = await StartAsync();

        await server.Server.Clients.FindAsync(web.Url.ToString(), default);
        time.Advance(TimeSpan.FromSeconds(seconds));
        await server.Server.Clients.FindAsync(web.Url.ToString(), default);

        web.Calls.Should().HaveCount(fetches);
    }

    [Test]
    public async Task What_went_wrong_is_forgotten_soon()
    {
        var isWell = false;
        await using var web = Serve(call => isWell ? call.JsonAsync(Document(call)) : call.RespondAsync(404));
        await using var server = await StartAsync();

        (await RefusalAsync(server, web.Url.ToString())).Should().Contain("HTTP 404");
        isWell = true;
        (await RefusalAsync(server, web.Url.ToString())).Should().Contain("HTTP 404");
        web.Calls.Should().ContainSingle("its host is not asked for each of those who ask us");
        time.Advance(TimeSpan.FromSeconds(30));

        (await server.Server.Clients.FindAsync(web.Url.ToString(), default)).Should().NotBeNull();
    }

    [Test]
    public async Task Those_who_ask_at_once_share_one_fetch()
    {
        var release = new TaskCompletionSource();
        await using var web = Serve(async call =>
        {
            await release.Task;
            await call.JsonAsync(Document(call));
        });
        await using var server = await StartAsync();

        var asked = Enumerable.Range(0, 10).Select(_ => server.Server.Clients.FindAsync(web.Url.ToString(), default).AsTask()).ToArray();
        release.SetResult();

        (await Task.WhenAll(asked)).Should().OnlyContain(client => client != null);
        web.Calls.Should().ContainSingle();
    }

    [Test]
    public async Task Who_does_not_wait_leaves_the_fetch_to_the_others()
    {
        var release = new TaskCompletionSource();
        await using var web = Serve(async call =>
        {
            await release.Task;
            await call.JsonAsync(Document(call));
        });
        await using var server = await StartAsync();
        using var left = new CancellationTokenSource();

        var one = server.Server.Clients.FindAsync(web.Url.ToString(), left.Token).AsTask();
        var other = server.Server.Clients.FindAsync(web.Url.ToString(), default).AsTask();
        await left.CancelAsync();
        await one.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        release.SetResult();

        (await other).Should().NotBeNull();
    }

    [TestCase("client_id", "\"https://evil.example/client.json\"", "*client_id is another one*")]
    [TestCase("client_id", null, "*client_id is another one*")]
    [TestCase("client_name", null, "*no client_name*")]
    [TestCase("client_name", "\"\\u202Eevil\"", "*client_name*")]
    [TestCase("redirect_uris", null, "*redirect_uris*")]
    [TestCase("redirect_uris", "[]", "*redirect_uris*")]
    [TestCase("redirect_uris", "[\"javascript:alert(1)\"]", "*scheme is javascript*")]
    [TestCase("redirect_uris", "[\"http://evil.example/\"]", "*own machine alone*")]
    [TestCase("logo_uri", "\"javascript:alert(1)\"", "*logo_uri*")]
    [TestCase("client_secret", "\"secret\"", "*wants a secret*")]
    [TestCase("client_secret_expires_at", "0", "*wants a secret*")]
    [TestCase("token_endpoint_auth_method", "\"client_secret_basic\"", "*wants a secret*")]
    [TestCase("token_endpoint_auth_method", "\"client_secret_post\"", "*wants a secret*")]
    [TestCase("token_endpoint_auth_method", "\"client_secret_jwt\"", "*token_endpoint_auth_method*")]
    [TestCase("token_endpoint_auth_method", "\"private_key_jwt\"", "*jwks*")]
    [TestCase("grant_types", "[\"client_credentials\"]", "*authorization_code*")]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements", 6, 8, AtEveryRevision = true)]
    public async Task A_document_that_does_not_fit_is_refused_with_words(string name, string? value, string words)
    {
        await using var web = Serve(call => call.JsonAsync(Document(call, said =>
        {
            said.Remove(name);
            if (value is not null)
                said[name] = JsonNode.Parse(value);
        })));
        await using var server = await StartAsync();

        (await RefusalAsync(server, web.Url.ToString())).Should().Match(words);
    }

    [TestCase("/client.json/", Description = "a slash more")]
    [TestCase("/Client.json", Description = "another case")]
    [TestCase("/client.json?", Description = "an empty query")]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements", 6, AtEveryRevision = true)]
    public async Task The_address_in_the_document_is_the_address_letter_by_letter(string path)
    {
        await using var web = Serve(call => call.JsonAsync(Document(call, said => said["client_id"] = said["client_id"]!.GetValue<string>().Replace("/client.json", path))));
        await using var server = await StartAsync();

        (await RefusalAsync(server, web.Url.ToString())).Should().Contain("client_id is another one");
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("<html>")]
    [TestCase("""{"client_id":"a","client_id":"b"}""")]
    public async Task What_is_no_object_of_JSON_is_refused(string body)
    {
        await using var web = Serve(call => call.JsonAsync(body));
        await using var server = await StartAsync();

        (await RefusalAsync(server, web.Url.ToString())).Should().Contain("The document is no");
    }

    [Test]
    public async Task What_is_no_document_is_refused()
    {
        await using var elsewhere = Serve(call => call.JsonAsync(Document(call)));
        Func<HttpCall, Task>[] scripts =
        [
            call => call.RespondAsync(302, headers: $"Location: {elsewhere.Url}\r\n"),
            call => call.RespondAsync(204),
            call => call.RespondAsync(500, "application/json", Document(call)),
            call => call.RespondAsync(200, "text/html", Document(call)),
            call => call.RespondAsync(200, null, Document(call)),
            call => call.JsonAsync(Document(call, said => said["padding"] = new string('x', 300_000))),
            call => call.JsonAsync(Document(call, said => said["padding"] = new string('x', 33_000))),
            call => call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"),
            call => call.SendAsync("nonsense\r\n\r\n"),
        ];
        string[] words = ["*HTTP 302*redirects are not followed*", "*HTTP 204*", "*HTTP 500*", "*Content-Type*", "*Content-Type*", "*more than*bytes*", "*more than*bytes*", "*fetched*", "*fetched*"];

        for (var i = 0; i < scripts.Length; i++)
        {
            var script = scripts[i];
            await using var web = Serve(call => script(call));
            await using var server = await StartAsync();
            (await RefusalAsync(server, web.Url.ToString())).Should().Match(words[i]);
        }

        elsewhere.Calls.Should().BeEmpty("a redirect may lead where nobody should be led");
    }

    [Test]
    public async Task A_document_that_does_not_come_is_not_waited_for()
    {
        var asked = new TaskCompletionSource();
        await using var web = Serve(call =>
        {
            asked.SetResult();
            return call.SilenceAsync();
        });
        await using var server = await StartAsync();

        var refusal = RefusalAsync(server, web.Url.ToString());
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(5));

        (await refusal).Should().Contain("within 5 s");
    }

    [TestCase("http://client.example/client.json", "*https*")]
    [TestCase("ftp://client.example/client.json", "*https*")]
    [TestCase("javascript://client.example/%0Aalert(1)", "*https*")]
    [TestCase("https://client.example", "*no path*")]
    [TestCase("https://client.example/", "*no path*")]
    [TestCase("https://client.example/client.json#part", "*fragment*")]
    [TestCase("https://user@client.example/client.json", "*user information*")]
    [TestCase("https://client.example/a/../client.json", "*not written*")]
    [TestCase("https://client.example/./client.json", "*not written*")]
    [TestCase("https://CLIENT.example/client.json", "*not written*")]
    [TestCase("https://client.example:443/client.json", "*not written*")]
    [TestCase("https://clіent.example/client.json", "*visible letters*")]
    [TestCase("https://client.example/a b", "*visible letters*")]
    [TestCase("https://client.example\\client.json", "*no address*")]
    [TestCase("://", "*no address*")]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements", 1, AtEveryRevision = true)]
    public async Task An_id_is_an_https_address_with_a_path_written_in_the_one_way(string id, string words)
    {
        await using var server = await ServedAuthorizationServer.StartAsync(new() { TimeProvider = time, HttpMessageHandler = new Untouched() });

        (await RefusalAsync(server, id)).Should().Match(words);
    }

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    [TestCase("[::1]")]
    [TestCase("[::ffff:127.0.0.1]")]
    [TestCase("10.0.0.1")]
    [TestCase("192.168.1.1")]
    [TestCase("169.254.169.254")]
    [TestCase("100.64.0.1")]
    [TestCase("0.0.0.0")]
    [TestCase("[fe80::1]")]
    [TestCase("[fd00::1]")]
    [TestCase("[64:ff9b::a9fe:a9fe]")]
    [TestCase("[2002:7f00:1::]")]
    [TestCase("[2001:0:53aa:64c:0:fbff:8000:fffe]")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Authorization Server Abuse Protection")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Client ID Metadata Document Security", 1, AtEveryRevision = true)]
    public async Task Nobody_has_this_server_ask_what_is_not_on_the_public_internet(string host)
    {
        await using var web = Serve(call => call.JsonAsync(Document(call)));
        await using var server = await ServedAuthorizationServer.StartAsync(new() { TimeProvider = time });

        (await RefusalAsync(server, $"https://{host}:{web.Url.Port}/client.json")).Should().MatchRegex("no address on the public internet|are unspecified addresses");

        web.Calls.Should().BeEmpty();
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/security-considerations §Trust Policies")]
    public async Task Who_is_not_trusted_is_not_asked()
    {
        await using var web = Serve(call => call.JsonAsync(Document(call)));
        await using var server = await StartAsync(options => options with { TrustsClientDocument = uri => uri.Port != web.Url.Port });

        (await RefusalAsync(server, web.Url.ToString())).Should().Contain("not trusted");

        web.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task A_server_that_allows_no_documents_knows_no_such_client()
    {
        await using var web = Serve(call => call.JsonAsync(Document(call)));
        await using var server = await StartAsync(options => options with { AllowsClientDocuments = false });

        (await server.Server.Clients.FindAsync(web.Url.ToString(), default)).Should().BeNull();

        web.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task No_host_is_asked_more_often_than_once_a_second_for_long()
    {
        await using var web = Serve(call => call.RespondAsync(404));
        await using var server = await StartAsync();

        for (var i = 0; i < 60; i++)
            (await RefusalAsync(server, new Uri(web.Url, $"/{i}").ToString())).Should().Contain("HTTP 404");

        (await RefusalAsync(server, new Uri(web.Url, "/more").ToString())).Should().Contain("too often");
        web.Calls.Should().HaveCount(60);
    }

    [Test]
    public async Task No_more_documents_are_kept_than_there_is_room_for()
    {
        var cache = new DocumentCache(time);
        var fetches = 0;
        Task<RegisteredClient?> GetAsync(int i) => cache.GetAsync($"{i}", () =>
        {
            Interlocked.Increment(ref fetches);
            return Task.FromResult(((RegisteredClient?)null, (OAuthException?)null, TimeSpan.FromHours(1)));
        });

        for (var i = 0; i < 1001; i++)
        {
            await GetAsync(i);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await GetAsync(1000);
        fetches.Should().Be(1001, "the newest is kept");
        await GetAsync(0);
        fetches.Should().Be(1002, "the oldest made room");
    }

    [Test]
    [AuthorizationRequirement("CL12")]
    public async Task A_client_with_a_document_may_sign()
    {
        using var signer = JwtSigner.NewEcdsa();
        await using var web = Serve(call => call.JsonAsync(Document(call, said =>
        {
            said["token_endpoint_auth_method"] = "private_key_jwt";
            said["jwks"] = new JsonWebKeySet(signer.PublicKey).ToJson();
        })));
        await using var server = await StartAsync();

        var signed = await SignAsync(server, web.Url, signer);
        var unsigned = await server.PostFormAsync("/token", null, ("grant_type", "urn:example:none"), ("client_id", web.Url.ToString()));

        signed.Error.Should().Be("unsupported_grant_type");
        unsigned.Error.Should().Be("invalid_client");
    }

    [Test]
    [AuthorizationRequirement("CL12")]
    public async Task Its_keys_may_stand_at_an_address_of_their_own_and_change()
    {
        using var first = JwtSigner.NewEcdsa();
        using var second = JwtSigner.NewEcdsa();
        var published = first;
        await using var web = Serve(call => call.JsonAsync(
            call.Target == "/jwks" ? new JsonWebKeySet(published.PublicKey).ToJson().ToJsonString() : Document(call, said =>
            {
                said["token_endpoint_auth_method"] = "private_key_jwt";
                said["jwks_uri"] = $"http://{call.Header("Host")}/jwks";
            }),
            headers: "Cache-Control: max-age=86400\r\n"));
        await using var server = await StartAsync();

        (await SignAsync(server, web.Url, first)).Error.Should().Be("unsupported_grant_type");
        published = second;
        (await SignAsync(server, web.Url, second)).Error.Should().Be("invalid_client");
        time.Advance(TimeSpan.FromMinutes(10));

        (await SignAsync(server, web.Url, second)).Error.Should().Be("unsupported_grant_type");
        (await SignAsync(server, web.Url, first)).Error.Should().Be("invalid_client");
    }

    [TestCase("http://client.example/jwks", "*jwks_uri*https*")]
    [TestCase("javascript:alert(1)", "*jwks_uri*https*")]
    [TestCase("jwks", "*jwks_uri*https*")]
    [TestCase("{origin}/none", "*HTTP 404*")]
    [TestCase("{origin}/page", "*Content-Type*")]
    [TestCase("{origin}/list", "*no JSON object*")]
    [TestCase("{origin}/empty", "*No key of jwks fits*")]
    public async Task Keys_that_cannot_be_had_are_said_to_be_none(string address, string words)
    {
        await using var web = Serve(call => call.Target switch
        {
            "/none" => call.RespondAsync(404),
            "/page" => call.RespondAsync(200, "text/html", "<html>"),
            "/list" => call.JsonAsync("[]"),
            "/empty" => call.JsonAsync("""{"keys":[]}"""),
            _ => call.JsonAsync(Document(call, said =>
            {
                said["token_endpoint_auth_method"] = "private_key_jwt";
                said["jwks_uri"] = address.Replace("{origin}", $"http://{call.Header("Host")}");
            })),
        });
        await using var server = await StartAsync();

        (await RefusalAsync(server, web.Url.ToString())).Should().Match(words);
    }

    private static ScriptedHttpServer Serve(Func<HttpCall, Task> script) => new(script, "/client.json");

    private static string Document(HttpCall call, Action<JsonObject>? change = null)
    {
        var said = new JsonObject
        {
            ["client_id"] = $"http://{call.Header("Host")}{call.Target}",
            ["client_name"] = "A program",
            ["redirect_uris"] = new JsonArray("http://127.0.0.1:3000/callback"),
        };
        change?.Invoke(said);
        return said.ToJsonString();
    }

    private Task<Answer> SignAsync(ServedAuthorizationServer server, Uri id, JwtSigner signer)
    {
        var claims = new JsonObject
        {
            ["iss"] = id.ToString(),
            ["sub"] = id.ToString(),
            ["aud"] = server.Issuer,
            ["exp"] = time.GetUtcNow().ToUnixTimeSeconds() + 60,
            ["jti"] = Guid.NewGuid().ToString(),
        };
        return server.PostFormAsync(
            "/token", null, ("grant_type", "urn:example:none"), ("client_assertion", signer.Sign(claims, "JWT")),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    }

    private static async Task<string> RefusalAsync(ServedAuthorizationServer server, string id)
    {
        var finding = async () => await server.Server.Clients.FindAsync(id, default);
        var refused = (await finding.Should().ThrowAsync<OAuthException>()).Which;
        refused.Error.Should().Be("invalid_client");
        return refused.Message;
    }

    private Task<ServedAuthorizationServer> StartAsync(Func<AuthorizationServerOptions, AuthorizationServerOptions>? change = null)
    {
        var options = new AuthorizationServerOptions { TimeProvider = time, AllowsLoopbackClientDocuments = true };
        return ServedAuthorizationServer.StartAsync(change?.Invoke(options) ?? options);
    }

    private sealed class Untouched : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"{request.RequestUri} was asked.");
    }
}
