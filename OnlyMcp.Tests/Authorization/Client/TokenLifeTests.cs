using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>What becomes of a token: renewed before its end or after a 401, once for all who wait, kept for the next client, given up.</summary>
internal sealed class TokenLifeTests
{
    private const string Refreshable = ""","expires_in":3600,"refresh_token":"refresh-1" """;

    [Test]
    [Spec("2026-07-28 basic/authorization §Resource Parameter Implementation", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("CL31", "CL18")]
    public async Task A_token_that_is_about_to_expire_is_renewed_and_nobody_is_refused()
    {
        var time = new ManualTime();
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        await using var client = await world.ConnectAsync(options: Options(time));

        time.Advance(TimeSpan.FromMinutes(58));
        await client.CallToolAsync("any");
        world.TokenRequests.Should().ContainSingle("there are two minutes left");

        world.MoreToken = ""","expires_in":3600,"refresh_token":"refresh-2" """;
        time.Advance(TimeSpan.FromMinutes(1.5));
        await client.CallToolAsync("any");
        world.TokenRequests.Last().Form.Should().Contain("grant_type", "refresh_token").And.Contain("refresh_token", "refresh-1")
            .And.Contain("client_id", "the-client").And.Contain("resource", world.Resource.Url.OriginalString);

        // The rotated one takes the place of the first.
        time.Advance(TimeSpan.FromMinutes(59.5));
        await client.CallToolAsync("any");
        world.TokenRequests.Last().Form.Should().Contain("refresh_token", "refresh-2");
        world.SignIns.Should().ContainSingle();
        world.Resource.Calls.Count(call => call.Header("Authorization") is null && call.Verb == "POST").Should().Be(1, "only the first was refused");
    }

    [Test]
    [AuthorizationRequirement("CL31")]
    public async Task A_refresh_token_that_is_not_rotated_stays_good()
    {
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        await using var client = await world.ConnectAsync();

        for (var round = 0; round < 3; round++)
        {
            world.MoreToken = ""","expires_in":3600""";
            world.Good.Clear();
            await client.CallToolAsync("any");
        }

        world.TokenRequests.Skip(1).Should().HaveCount(3).And.OnlyContain(call => call.Form["refresh_token"] == "refresh-1");
        world.SignIns.Should().ContainSingle();
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Refresh Tokens", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("CL30", "CL31")]
    public async Task A_refresh_token_that_is_refused_is_forgotten_and_the_person_signs_in()
    {
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        var store = new InMemoryTokenStore();
        await using var client = await world.ConnectAsync(world.Authorization with { Tokens = store });

        world.Good.Clear();
        world.MoreToken = "";
        world.OnIssuer = call => call.Path == "/token" && call.Form["grant_type"] == "refresh_token"
            ? call.JsonAsync("""{"error":"invalid_grant"}""", 400)
            : world.IssueAsync(call);
        await client.CallToolAsync("any");

        world.SignIns.Should().HaveCount(2);
        world.TokenRequests.Count(call => call.Form["grant_type"] == "refresh_token").Should().Be(1);
        (await store.FindLatestAsync(world.Resource.Url.OriginalString, "default"))!.RefreshToken.Should().BeNull();
    }

    [Test]
    [AuthorizationRequirement("CL31")]
    public async Task A_refresh_token_that_is_refused_is_forgotten_also_if_nobody_signs_in_then()
    {
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        var store = new InMemoryTokenStore();
        await using var client = await world.ConnectAsync(world.Authorization with { Tokens = store });

        world.Good.Clear();
        world.Answer = query => $"error=access_denied&state={query["state"]}";
        world.OnIssuer = call => call.Path == "/token" ? call.JsonAsync("""{"error":"invalid_grant"}""", 400) : world.IssueAsync(call);
        await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<AuthorizationException>();

        (await store.FindLatestAsync(world.Resource.Url.OriginalString, "default"))!.RefreshToken.Should().BeNull();
    }

    [Test]
    [AuthorizationRequirement("CL15")]
    public async Task A_refresh_shows_no_secret_of_a_namesake_at_another_authorization_server()
    {
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        var here = new ClientCredentials { ClientId = "the-client", ClientSecret = "ours", Issuer = world.IssuerName };
        var there = here with { ClientSecret = "theirs", Issuer = "https://login.example.com" };
        await using var client = await world.ConnectAsync(world.Authorization with { Clients = [there, here] });

        world.Good.Clear();
        await client.CallToolAsync("any");
        world.TokenRequests.Last().Form.Should().Contain("grant_type", "refresh_token");
        world.TokenRequests.Should().HaveCount(2).And.OnlyContain(call => call.Header("Authorization") == "Basic dGhlLWNsaWVudDpvdXJz");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Authorization Server Binding", 2)]
    [AuthorizationRequirement("CL4", "CL15")]
    public async Task A_refresh_token_is_not_sent_to_the_authorization_server_that_comes_after()
    {
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        await using var next = new GuardedWorld();
        next.OnIssuer = call => call.Path == "/token" ? call.JsonAsync(world.TokenFor(null)) : next.IssueAsync(call);
        var authorization = world.Authorization;
        var moved = new ClientCredentials { ClientId = "the-client", Issuer = next.IssuerName };
        await using var client = await world.ConnectAsync(authorization with { Clients = [.. authorization.Clients, moved] });

        world.Good.Clear();
        world.OnResource = call => call.Verb == "GET"
            ? call.JsonAsync($$"""{"resource":"{{world.Resource.Url}}","authorization_servers":["{{next.IssuerName}}"]}""")
            : world.ServeAsync(call);
        await client.CallToolAsync("any");

        next.TokenRequests.Should().ContainSingle().Which.Form.Should().Contain("grant_type", "authorization_code").And.NotContainKey("refresh_token");
        world.TokenRequests.Should().ContainSingle("the old one is asked no more");
    }

    [Test]
    [AuthorizationRequirement("CL31")]
    public async Task Many_requests_that_are_refused_at_once_cost_one_refresh()
    {
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        await using var client = await world.ConnectAsync();

        world.Good.Clear();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.CallToolAsync("any")));
        world.TokenRequests.Count(call => call.Form["grant_type"] == "refresh_token").Should().Be(1);
    }

    [Test]
    [AuthorizationRequirement("CL31")]
    public async Task Two_clients_on_one_store_do_not_use_one_refresh_token_twice()
    {
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        var authorization = world.Authorization with { Tokens = new InMemoryTokenStore() };
        await using var one = await world.ConnectAsync(authorization);
        await using var other = await world.ConnectAsync(authorization);
        world.SignIns.Should().ContainSingle("the second found the first one's token");

        world.Good.Clear();
        await Task.WhenAll(one.CallToolAsync("any"), other.CallToolAsync("any"));
        world.TokenRequests.Count(call => call.Form["grant_type"] == "refresh_token").Should().Be(1);
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2026-07-28 basic/authorization §Token Requirements", 3)]
    [AuthorizationRequirement("CL27")]
    public async Task In_a_session_the_stream_and_the_end_carry_the_token_too(string revision)
    {
        var streams = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var world = new GuardedWorld();
        world.OnResource = ServeAsync;
        await using (await world.ConnectAsync(options: new McpClientOptions { Revision = KnownRevisions.Find(revision) }))
            await streams.Task.WaitAsync(TimeSpan.FromSeconds(20));

        var calls = world.Resource.Calls.Where(call => call.Path == "/mcp").Skip(1).ToArray();
        calls.Select(call => call.Verb).Should().Contain(["POST", "GET", "DELETE"]);
        calls.Should().OnlyContain(call => call.Header("Authorization") == "Bearer token-1");

        Task ServeAsync(HttpCall call)
        {
            if (call.Verb == "GET" && call.Path == "/mcp")
                streams.TrySetResult();
            return call switch
            {
                { RpcMethod: "initialize" } when call.Header("Authorization") is not null => call.ResultAsync(
                    $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"s","version":"1"}}""", "Mcp-Session-Id: s1\r\n"),
                { Verb: "GET", Path: "/mcp" } => call.RespondAsync(405),
                { Verb: "DELETE" } => call.RespondAsync(200),
                _ => world.ServeAsync(call),
            };
        }
    }

    [Test]
    [AuthorizationRequirement("CL29")]
    public async Task Tokens_of_one_profile_are_not_used_for_another()
    {
        await using var world = new GuardedWorld();
        var authorization = world.Authorization with { Tokens = new InMemoryTokenStore() };
        await using (await world.ConnectAsync(authorization with { Profile = "ann" }))
        await using (await world.ConnectAsync(authorization with { Profile = "bob" }))
            world.SignIns.Should().HaveCount(2);
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Refresh Tokens", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("CL30")]
    public async Task Where_no_refresh_token_came_the_person_signs_in_again()
    {
        var time = new ManualTime();
        await using var world = new GuardedWorld { MoreToken = ""","expires_in":60""" };
        await using var client = await world.ConnectAsync(options: Options(time));

        world.Good.Clear();
        time.Advance(TimeSpan.FromMinutes(2));
        (await client.CallToolAsync("any")).Text.Should().Be("done");
        world.SignIns.Should().HaveCount(2);
        world.TokenRequests.Should().OnlyContain(call => call.Form["grant_type"] == "authorization_code");
    }

    [Test]
    [AuthorizationRequirement("CL34")]
    public async Task A_server_that_refuses_every_token_is_given_up()
    {
        await using var world = new GuardedWorld();
        world.OnResource = call => call.Path == "/mcp"
            ? call.RespondAsync(401, headers: $"WWW-Authenticate: Bearer resource_metadata=\"{world.Resource.Url.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-protected-resource/mcp\", error=\"invalid_token\", error_description=\"wrong audience\"\r\n")
            : world.ServeAsync(call);

        var fault = (await world.Awaiting(it => it.ConnectAsync()).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.Access);
        fault.Message.Should().Contain("wrong audience").And.Contain(world.IssuerName);
        world.SignIns.Should().HaveCount(2);
    }

    [Test]
    public async Task A_sign_in_that_failed_fails_for_all_who_waited_and_is_not_begun_again_for_each()
    {
        await using var world = new GuardedWorld();
        await using var client = await world.ConnectAsync();
        world.Good.Clear();
        var tries = 0;
        var opened = new TaskCompletionSource();
        world.Answer = query =>
        {
            Interlocked.Increment(ref tries);
            opened.Task.Wait(TimeSpan.FromSeconds(20));
            return $"error=access_denied&state={query["state"]}";
        };

        Task[] calls = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => client.CallToolAsync("any")))];
        while (world.Resource.Calls.Count(call => call.RpcMethod == "tools/call") < 8)
            await Task.Yield();
        opened.SetResult();

        foreach (var call in calls)
            await call.Awaiting(it => it).Should().ThrowAsync<AuthorizationException>();
        tries.Should().BeLessThan(8);
    }

    [Test]
    public async Task The_time_that_a_person_takes_to_sign_in_is_not_the_servers()
    {
        var time = new ManualTime();
        await using var world = new GuardedWorld();
        world.Answer = query =>
        {
            time.Advance(TimeSpan.FromMinutes(4));
            return $"code=c&state={query["state"]}";
        };

        await using var client = await world.ConnectAsync(options: Options(time) with { ProbeTimeout = TimeSpan.FromSeconds(10) });
        (await client.CallToolAsync("any")).Text.Should().Be("done");
    }

    [Test]
    [AuthorizationRequirement("CL32")]
    public async Task What_is_kept_for_one_person_is_not_shown_to_another()
    {
        await using var world = new GuardedWorld();
        var options = new McpClientOptions { Revision = KnownRevisions.Find("2026-07-28") };
        var tokens = new InMemoryTokenStore();
        foreach (var profile in new[] { "ann", "bob" })
        {
            await using var client = await world.ConnectAsync(world.Authorization with { Tokens = tokens, Profile = profile }, options);
            await client.ListToolsAsync().ToListAsync();
            await client.ListToolsAsync().ToListAsync();
        }

        world.Resource.Calls.Count(call => call.RpcMethod == "tools/list").Should().Be(2, "each was asked once for each");
    }

    [Test]
    public async Task A_password_in_the_servers_address_is_in_no_message()
    {
        var options = new McpClientOptions { Authorization = new() { SignIn = null } };
        var fault = (await FluentActions.Awaiting(() => McpClient.ConnectAsync("http://me:s3cret@127.0.0.1:1/mcp", options)).Should().ThrowAsync<ArgumentException>()).Which;
        fault.ToString().Should().NotContain("s3cret").And.Contain("user information");
    }

    [Test]
    [AuthorizationRequirement("G1")]
    public async Task Over_a_pipe_nobody_signs_in()
    {
        await using var world = new GuardedWorld();
        await using var connected = await Way.All.First(way => !way.IsHttp).ConnectAsync(new OnlyMcp.Server.McpServer("s", "1"), new McpClientOptions { Authorization = world.Authorization });
        await connected.Client.ListToolsAsync().ToListAsync();
        world.SignIns.Should().BeEmpty();
        world.Issuer.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task A_header_of_ones_own_and_authorization_do_not_go_together()
    {
        var options = new McpClientOptions { Authorization = new(), Headers = new Dictionary<string, string> { ["authorization"] = "Bearer x" } };
        await FluentActions.Awaiting(() => McpClient.ConnectAsync("http://127.0.0.1:1/mcp", options)).Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Refresh Tokens", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("CL29", "CL30")]
    public async Task No_secret_stands_in_a_log_or_an_exception()
    {
        var log = new RecordedLog();
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        await using var client = await world.ConnectAsync(options: Options(new ManualTime()) with { LoggerFactory = log });
        world.Good.Clear();
        world.OnIssuer = call => call.Path == "/token" ? call.JsonAsync("""{"error":"invalid_grant","error_description":"no"}""", 400) : world.IssueAsync(call);
        var fault = (await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<AuthorizationException>()).Which;

        string[] secrets = ["token-1", "refresh-1", "the-code", .. world.TokenRequests.Select(call => call.Form.GetValueOrDefault("code_verifier")).OfType<string>(), .. world.SignIns.Select(asked => asked["state"])];
        var told = string.Join('\n', log.Lines.Concat(log.Exceptions.Select(one => one.ToString()))) + fault;
        told.Should().Contain("invalid_grant");
        foreach (var secret in secrets)
            told.Should().NotContain(secret);
    }

    private static McpClientOptions Options(ManualTime time) => new() { Revision = KnownRevisions.Find("2026-07-28"), Cache = null, TimeProvider = time };
}
