using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>Whoever gives up, comes twice, or is away while tokens are got: nothing is lost, and nobody is asked over and over.</summary>
internal sealed class RoughTimesTests
{
    private const string Refreshable = ""","expires_in":3600,"refresh_token":"refresh-1" """;

    [Test]
    [AuthorizationRequirement("CL31")]
    public async Task A_request_that_is_given_up_while_its_token_is_renewed_loses_no_refresh_token()
    {
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        await using var client = await world.ConnectAsync();
        world.Good.Clear();
        var asked = new TaskCompletionSource();
        var answers = new TaskCompletionSource();
        world.MoreToken = ""","expires_in":3600,"refresh_token":"refresh-2" """;
        world.OnIssuer = async call =>
        {
            if (call.Path == "/token")
            {
                asked.TrySetResult();
                await answers.Task;
            }

            await world.IssueAsync(call);
        };

        using var hasty = new CancellationTokenSource();
        var first = client.CallToolAsync("any", cancellationToken: hasty.Token);
        await asked.Task;
        await hasty.CancelAsync();
        await first.Awaiting(it => it).Should().ThrowAsync<OperationCanceledException>();
        var second = client.CallToolAsync("any");
        answers.SetResult();
        (await second).Text.Should().Be("done");

        world.TokenRequests.Select(call => call.Form.GetValueOrDefault("refresh_token")).Should().Equal(null, "refresh-1");
        world.SignIns.Should().ContainSingle();
    }

    [Test]
    public async Task Two_clients_that_are_refused_at_once_have_the_person_sign_in_once()
    {
        await using var world = new GuardedWorld();
        var authorization = world.Authorization;
        var bothAreRefused = new TaskCompletionSource();
        world.OnResource = async call =>
        {
            if (call.Path == "/mcp" && call.Header("Authorization") is null)
            {
                if (world.Resource.Calls.Count(other => other.Path == "/mcp") >= 2)
                    bothAreRefused.TrySetResult();
                await bothAreRefused.Task;
            }

            await world.ServeAsync(call);
        };

        var clients = await Task.WhenAll(world.ConnectAsync(authorization), world.ConnectAsync(authorization));
        foreach (var client in clients)
            await client.DisposeAsync();
        world.SignIns.Should().ContainSingle();
    }

    [Test]
    public async Task A_token_that_is_refused_for_good_is_not_got_anew_for_each_request()
    {
        var time = new ManualTime();
        await using var world = new GuardedWorld();
        await using var client = await world.ConnectAsync(options: Options(time));
        world.OnResource = call => call.RpcMethod == "tools/call" ? call.RespondAsync(401, headers: "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n") : world.ServeAsync(call);

        for (var calls = 0; calls < 3; calls++)
        {
            var fault = (await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<AuthorizationException>()).Which;
            fault.Step.Should().Be(AuthorizationStep.Access);
        }

        world.SignIns.Should().HaveCount(3, "one at first, and two for the first call");

        // Its operator may have mended it by now.
        time.Advance(TimeSpan.FromMinutes(1));
        world.OnResource = null;
        world.Good.Clear();
        (await client.CallToolAsync("any")).Text.Should().Be("done");
    }

    [Test]
    public async Task An_authorization_server_that_is_away_holds_up_one_request_in_ten_seconds_while_the_token_is_good()
    {
        var time = new ManualTime();
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        await using var client = await world.ConnectAsync(options: Options(time));
        world.OnIssuer = call => call.Path == "/token" ? call.RespondAsync(503) : world.IssueAsync(call);

        time.Advance(TimeSpan.FromMinutes(59.5));
        for (var calls = 0; calls < 3; calls++)
            await client.CallToolAsync("any");
        world.TokenRequests.Should().HaveCount(2);

        time.Advance(TimeSpan.FromSeconds(10));
        world.OnIssuer = null;
        await client.CallToolAsync("any");
        world.TokenRequests.Should().HaveCount(3);
        world.Resource.Calls.Last().Header("Authorization").Should().Be("Bearer token-2");
    }

    [Test]
    [AuthorizationRequirement("CL29")]
    public async Task Tokens_that_cannot_be_saved_are_used_all_the_same()
    {
        var log = new RecordedLog();
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        var options = Options(new ManualTime()) with { LoggerFactory = log };
        await using var client = await world.ConnectAsync(world.Authorization with { Tokens = new FullStore() }, options);
        world.Good.Clear();
        await client.CallToolAsync("any");

        world.SignIns.Should().ContainSingle();
        log.Lines.Should().Contain(line => line.Contains("No space left") && !line.Contains("token-"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_a_host_throws_in_a_sign_in_is_told_as_a_sign_in_that_did_not_work(bool isCancelled)
    {
        await using var world = new GuardedWorld { Answer = _ => throw (isCancelled ? new OperationCanceledException() : new IOException("no window")) };

        var fault = (await world.Awaiting(it => it.ConnectAsync()).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.SignIn);
        fault.Message.Should().Contain(isCancelled ? "given up" : "no window");
    }

    [Test]
    public async Task A_failure_of_long_ago_is_not_told_to_those_who_wait_for_one_that_gave_up()
    {
        await using var world = new GuardedWorld();
        await using var client = await world.ConnectAsync();
        world.Good.Clear();
        world.Answer = query => $"error=access_denied&state={query["state"]}";
        await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<AuthorizationException>();

        using var hasty = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var away = new TaskCompletionSource();
        world.Answer = query =>
        {
            if (begun.TrySetResult())
            {
                away.Task.Wait(TimeSpan.FromSeconds(20));
                throw new OperationCanceledException(hasty.Token);
            }

            return $"code=c&state={query["state"]}";
        };
        var first = Task.Run(() => client.CallToolAsync("any", cancellationToken: hasty.Token));
        await begun.Task;
        var second = Task.Run(() => client.CallToolAsync("any"));
        while (world.Resource.Calls.Count(call => call.RpcMethod == "tools/call") < 3)
            await Task.Yield();
        await hasty.CancelAsync();
        await first.Awaiting(it => it).Should().ThrowAsync<OperationCanceledException>();
        away.SetResult();

        (await second).Text.Should().Be("done");
    }

    [TestCase("/.well-known/oauth-protected-resource/mcp", AuthorizationStep.Discovery)]
    [TestCase("/.well-known/oauth-authorization-server", AuthorizationStep.Discovery)]
    [TestCase("/register", AuthorizationStep.Registration)]
    [TestCase("/token", AuthorizationStep.Token)]
    public async Task A_network_that_goes_away_in_any_step_is_told_with_the_step_and_not_asked_without_end(string place, AuthorizationStep step)
    {
        await using var world = new GuardedWorld();
        world.MoreMetadata = $$""","registration_endpoint":"{{world.IssuerName}}/register" """;
        world.OnIssuer = call => call.Path == place ? call.SendAsync("") : call.Path == "/register" ? call.JsonAsync("""{"client_id":"c"}""", 201) : world.IssueAsync(call);
        world.OnResource = call => call.Path == place ? call.SendAsync("") : world.ServeAsync(call);

        var fault = (await world.Awaiting(it => it.ConnectAsync(world.Authorization with { Clients = [] })).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(step);
        fault.Message.Should().Contain(place);
        world.Issuer.Calls.Concat(world.Resource.Calls).Count(call => call.Path == place)
            .Should().BeLessThanOrEqualTo(step == AuthorizationStep.Discovery ? 4 : 1, "the framework asks for a document up to four times");
    }

    [Test]
    public async Task A_network_that_goes_away_at_a_refresh_is_no_reason_to_sign_in()
    {
        await using var world = new GuardedWorld { MoreToken = Refreshable };
        await using var client = await world.ConnectAsync();
        world.Good.Clear();
        world.OnIssuer = call => call.Path == "/token" ? call.SendAsync("") : world.IssueAsync(call);

        var fault = (await client.Awaiting(it => it.CallToolAsync("any")).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.Refresh);
        world.SignIns.Should().ContainSingle();

        world.OnIssuer = null;
        (await client.CallToolAsync("any")).Text.Should().Be("done");
        world.SignIns.Should().ContainSingle("the refresh token is still there");
    }

    [Test]
    public async Task Over_two_connections_too_the_time_that_a_person_takes_is_not_the_servers()
    {
        var time = new ManualTime();
        await using var world = new GuardedWorld();
        HttpCall? stream = null;
        world.OnResource = async call =>
        {
            if (call.Path != "/mcp" || call.Header("Authorization") is null)
            {
                await world.ServeAsync(call);
            }
            else if (call.Verb == "GET")
            {
                stream = call;
                await call.BeginEventsAsync();
                await call.SendAsync("event: endpoint\ndata: /mcp\n\n");
                await call.ClosedByClientAsync();
            }
            else
            {
                await call.RespondAsync(202);
                if (call.RpcMethod == "initialize")
                    await stream!.EventAsync($$$"""{"jsonrpc":"2.0","id":{{{call.Id}}},"result":{"protocolVersion":"2024-11-05","capabilities":{},"serverInfo":{"name":"s","version":"1"} } }""");
            }
        };
        world.Answer = query =>
        {
            time.Advance(TimeSpan.FromMinutes(4));
            return $"code=c&state={query["state"]}";
        };

        await using var client = await world.ConnectAsync(options: Options(time) with { Revision = KnownRevisions.Find("2024-11-05") });
        world.SignIns.Should().ContainSingle();
        world.Resource.Calls.Where(call => call.RpcMethod is not null).Should().OnlyContain(call => call.Header("Authorization") == "Bearer token-1");
    }

    private static McpClientOptions Options(ManualTime time) => new() { Revision = KnownRevisions.Find("2026-07-28"), Cache = null, TimeProvider = time };

    /// <summary>Keeps nothing that it was not made with.</summary>
    private sealed class FullStore : ITokenStore
    {
        private readonly InMemoryTokenStore store = new();

        public ValueTask<StoredTokens?> FindAsync(TokenKey key, CancellationToken cancellationToken = default) => store.FindAsync(key, cancellationToken);

        public ValueTask<StoredTokens?> FindLatestAsync(string resource, string profile, CancellationToken cancellationToken = default) =>
            store.FindLatestAsync(resource, profile, cancellationToken);

        public ValueTask SaveAsync(StoredTokens tokens, CancellationToken cancellationToken = default) => throw new IOException("No space left on device.");

        public ValueTask RemoveAsync(TokenKey key, CancellationToken cancellationToken = default) => store.RemoveAsync(key, cancellationToken);

        public ValueTask<IAsyncDisposable> LockAsync(TokenKey key, CancellationToken cancellationToken = default) => store.LockAsync(key, cancellationToken);

        public ValueTask<ClientCredentials?> FindRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default) =>
            store.FindRegistrationAsync(issuer, profile, cancellationToken);

        public ValueTask SaveRegistrationAsync(string profile, ClientCredentials client, CancellationToken cancellationToken = default) => default;

        public ValueTask RemoveRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default) => default;
    }
}
