using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>A stream that stays open ends when the token expires that it was opened with.</summary>
[Spec("2026-07-28 basic/authorization §Token Handling")]
[AuthorizationRequirement("RS8")]
public sealed class StreamExpiryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();

    [Test]
    public async Task A_subscription_is_answered_when_its_token_expires()
    {
        var guarded = Guarded();
        var listen = Listen.Post("""{"toolsListChanged":true}""").Bearing("ann");
        var served = guarded.Handler.HandleAsync(listen).AsTask();
        (await listen.NextMessageAsync()).Granted().Should().Contain("toolsListChanged");

        await ExpireAsync(served);

        (await listen.NextMessageAsync()).SubscriptionId().Should().Be("1");
        listen.IsCompleted.Should().BeTrue();
    }

    [Test]
    public async Task A_token_that_never_expires_holds_for_as_long_as_a_timer_can()
    {
        var guarded = Guarded();
        guarded.Tokens.Add("eve", change: token => token with { ExpiresAt = DateTimeOffset.MaxValue });
        var listen = Listen.Post("""{"toolsListChanged":true}""").Bearing("eve");
        var served = guarded.Handler.HandleAsync(listen).AsTask();

        (await listen.NextMessageAsync()).Granted().Should().Contain("toolsListChanged");
        await guarded.Handler.StopAsync();
        await served.WaitAsync(Patience);
    }

    [Test]
    public async Task A_stream_of_a_session_ends_when_its_token_expires_and_the_session_goes_on_with_another()
    {
        var guarded = Guarded();
        var open = await guarded.AskAsync(new FakeHttpExchange("POST", "/mcp", Wire.Initialize()).Bearing("ann"));
        var get = Get("ann");
        var served = guarded.Handler.HandleAsync(get).AsTask();
        await get.NextWriteAsync();

        await ExpireAsync(served);

        get.IsCompleted.Should().BeTrue();
        (await guarded.AskAsync(Get("ann"))).Status.Should().Be(401);
        var again = Get("ann-again");
        var listening = guarded.Handler.HandleAsync(again).AsTask();
        await again.NextWriteAsync();
        again.Status.Should().Be(200);
        await guarded.Handler.StopAsync();
        await listening.WaitAsync(Patience);

        FakeHttpExchange Get(string token) => new FakeHttpExchange("GET", "/mcp")
            .With("Accept", "text/event-stream").With("Mcp-Session-Id", open.ResponseHeaders["Mcp-Session-Id"]).Bearing(token);
    }

    [Test]
    public async Task A_stream_of_HTTP_SSE_ends_when_its_token_expires_and_with_it_the_conversation()
    {
        var guarded = Guarded();
        var sse = new FakeHttpExchange("GET", "/sse").With("Accept", "text/event-stream").Bearing("ann");
        var served = guarded.Handler.HandleAsync(sse).AsTask();
        var address = (await sse.NextWriteAsync()).Split('\n')[1]["data: ".Length..].Replace("https://mcp.example.com", "", StringComparison.Ordinal);
        (await guarded.AskAsync(new FakeHttpExchange("POST", address, Wire.Initialize("2024-11-05")).Bearing("ann"))).Status.Should().Be(202);
        (await guarded.AskAsync(new FakeHttpExchange("POST", address, Wire.Ping()).Bearing("ann-again"))).Status.Should().Be(202);

        await ExpireAsync(served);

        sse.IsCompleted.Should().BeTrue();
        (await guarded.AskAsync(new FakeHttpExchange("POST", address, Wire.Ping()).Bearing("ann-again"))).Status.Should().Be(404);
    }

    [Test]
    public async Task A_token_that_does_not_say_when_it_expires_holds_until_the_server_stops()
    {
        var guarded = Guarded();
        var listen = Listen.Post("""{"toolsListChanged":true}""").Bearing("forever");
        var served = guarded.Handler.HandleAsync(listen).AsTask();
        await listen.NextMessageAsync();

        time.Advance(TimeSpan.FromDays(400));
        served.IsCompleted.Should().BeFalse();

        await guarded.Handler.StopAsync();
        await served.WaitAsync(Patience);
    }

    [Test]
    public async Task A_stopping_server_ends_streams_whose_tokens_live_on()
    {
        var guarded = Guarded();
        var listen = Listen.Post("""{"toolsListChanged":true}""").Bearing("ann-again");
        var served = guarded.Handler.HandleAsync(listen).AsTask();
        await listen.NextMessageAsync();

        await guarded.Handler.StopAsync();

        await served.WaitAsync(Patience);
    }

    // One hour, and the minute that clocks may differ.
    private async Task ExpireAsync(Task<bool> served)
    {
        time.Advance(TimeSpan.FromMinutes(61) - TimeSpan.FromSeconds(1));
        served.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        await served.WaitAsync(Patience);
    }

    private GuardedServer Guarded()
    {
        var guarded = new GuardedServer(options: new McpServerOptions { TimeProvider = time });
        guarded.Tokens
            .Add("ann", change: token => token with { ExpiresAt = time.GetUtcNow().AddHours(1) })
            .Add("ann", token: "ann-again", change: token => token with { ExpiresAt = time.GetUtcNow().AddDays(1000) })
            .Add("ann", token: "forever");
        return guarded;
    }
}
