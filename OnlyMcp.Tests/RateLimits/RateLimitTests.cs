using System.Security.Claims;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Completions;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.RateLimits;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.RateLimits;

/// <summary>How often a caller may call tools.</summary>
public sealed class RateLimitTests
{
    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 server/tools §Security Considerations", 3)]
    public async Task Who_calls_too_often_is_refused_until_time_has_passed(Way way)
    {
        var time = new ManualTime();
        await using var connected = await way.ConnectAsync(Server(time, 2));

        await connected.Client.CallToolAsync("echo");
        await connected.Client.CallToolAsync("echo");
        var third = () => connected.Client.CallToolAsync("echo");

        var refusal = (await third.Should().ThrowAsync<JsonRpcException>()).Which;
        refusal.Code.Should().Be(ErrorCode.RateLimited);
        refusal.Message.Should().Be("Too many requests: try again in 30 s.");
        refusal.Error.Data.ToElement().GetProperty("retryAfter").GetDouble().Should().Be(30);
        refusal.ReceivedHttpStatus.Should().Be(way.IsHttp && way.Revision.Era == Era.Modern ? 429 : 200);
        (await connected.Client.ListToolsAsync().CountAsync()).Should().BePositive("only calls are counted");

        time.Advance(TimeSpan.FromSeconds(30));
        (await third()).Text.Should().StartWith("id ");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 server/utilities/completion §Security", 2)]
    public async Task Who_completes_too_often_is_refused_as_well(Way way)
    {
        var server = new McpServer("completes", "1.0.0", new McpServerOptions
        {
            TimeProvider = new ManualTime(),
            CompletionLimiter = new TokenBucketLimiter(1, TimeSpan.FromMinutes(1)),
        });
        server.AddPrompt("greet", "Greets", ([CompletesWith("Ada", "Bob")] string who) => who);
        await using var connected = await way.ConnectAsync(server);
        var reference = new PromptReference { Name = "greet" };

        (await connected.Client.CompleteAsync(reference, "who", "A")).Values.Should().Equal("Ada");
        var second = () => connected.Client.CompleteAsync(reference, "who", "B");

        (await second.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.RateLimited);
    }

    [Test]
    public async Task Over_HTTP_the_refusal_says_when_to_come_again()
    {
        var handler = new McpHttpHandler(Server(new ManualTime(), 1));
        await handler.HandleAsync(Wire.ModernPost("echo"));
        var second = Wire.ModernPost("echo");
        await handler.HandleAsync(second);

        second.Status.Should().Be(429);
        second.ResponseHeaders["Retry-After"].Should().Be("60");
        second.Body.Should().Contain("\"code\":429").And.Contain("\"retryAfter\":60");
    }

    [Test]
    public async Task Each_principal_and_each_session_and_each_address_is_counted_alone()
    {
        var handler = new McpHttpHandler(Server(new ManualTime(), 1));
        var ann = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "ann")], "test"));
        var anns = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "ann")], "test"));
        var bob = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "bob")], "test"));
        var annsSession = await Sessions.OpenAsync(handler, user: ann);
        var one = await Sessions.OpenAsync(handler);
        var other = await Sessions.OpenAsync(handler);

        (await Refused(Modern(ann))).Should().BeFalse();
        (await Refused(Modern(anns))).Should().BeTrue("it is Ann again, with another token");
        (await Refused(Modern(bob))).Should().BeFalse();
        (await Refused(annsSession.Post(Wire.LegacyCall("echo")))).Should().BeTrue("Ann is Ann in whatever session");
        (await Refused(one.Post(Wire.LegacyCall("echo")))).Should().BeFalse();
        (await Refused(other.Post(Wire.LegacyCall("echo")))).Should().BeFalse();
        (await Refused(one.Post(Wire.LegacyCall("echo")))).Should().BeTrue();
        (await Refused(From("10.0.0.1"))).Should().BeFalse();
        (await Refused(From("10.0.0.2"))).Should().BeFalse();
        (await Refused(From("10.0.0.1"))).Should().BeTrue();
        (await Refused(Wire.ModernPost("echo"))).Should().BeFalse();
        (await Refused(Wire.ModernPost("echo"))).Should().BeTrue("of those that nothing is known of there is one");

        async Task<bool> Refused(FakeHttpExchange http)
        {
            await handler.HandleAsync(http);
            return http.Body.Contains("\"code\":429", StringComparison.Ordinal);
        }

        static FakeHttpExchange Modern(ClaimsPrincipal user)
        {
            var http = Wire.ModernPost("echo");
            http.User = user;
            return http;
        }

        static FakeHttpExchange From(string address)
        {
            var http = Wire.ModernPost("echo");
            http.From = System.Net.IPAddress.Parse(address);
            return http;
        }
    }

    [Test]
    public void Who_has_been_quiet_may_send_several_at_once_and_no_more()
    {
        var time = new ManualTime();
        var limiter = new TokenBucketLimiter(60, TimeSpan.FromMinutes(1), burst: 3);
        var taken = () => limiter.Take("me", time);

        Enumerable.Range(0, 3).Select(_ => taken()).Should().OnlyContain(wait => wait == TimeSpan.Zero);
        taken().Should().Be(TimeSpan.FromSeconds(1));
        taken().Should().Be(TimeSpan.FromSeconds(1), "who is refused has taken nothing");
        time.Advance(TimeSpan.FromSeconds(1));
        taken().Should().Be(TimeSpan.Zero);
        taken().Should().Be(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromHours(1));
        Enumerable.Range(0, 4).Count(_ => taken() == TimeSpan.Zero).Should().Be(3, "a bucket holds no more than it holds");
    }

    [Test]
    public void Any_number_of_callers_fills_no_memory_and_those_who_are_known_keep_their_bucket()
    {
        var time = new ManualTime();
        var limiter = new TokenBucketLimiter(1, TimeSpan.FromMinutes(1), maxCallers: 100);
        limiter.Take("known", time).Should().Be(TimeSpan.Zero);
        for (var i = 0; i < 10_000; i++)
            limiter.Take($"stranger {i}", time);

        limiter.Callers.Should().Be(100);
        limiter.Take("another stranger", time).Should().BePositive("those for whom there is no bucket share one");
        limiter.Take("known", time).Should().BePositive();

        time.Advance(TimeSpan.FromMinutes(1));
        limiter.Take("another stranger", time).Should().Be(TimeSpan.Zero, "the others are forgotten as soon as it makes no difference");
        limiter.Callers.Should().Be(1);
        limiter.Take("known", time).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void Many_at_once_get_exactly_what_there_is()
    {
        var time = new ManualTime();
        var limiter = new TokenBucketLimiter(1000, TimeSpan.FromDays(1));
        var through = 0;
        Parallel.For(0, 20_000, _ =>
        {
            if (limiter.Take("me", time) == TimeSpan.Zero)
                Interlocked.Increment(ref through);
        });
        through.Should().Be(1000);
    }

    [Test]
    public void Counting_a_known_caller_allocates_nothing()
    {
        var limiter = new TokenBucketLimiter(1_000_000, TimeSpan.FromSeconds(1));
        limiter.Take("me", TimeProvider.System);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            limiter.Take("me", TimeProvider.System);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static McpServer Server(TimeProvider time, int calls) => new ToolServer(new McpServerOptions
    {
        TimeProvider = time,
        ToolCallLimiter = new TokenBucketLimiter(calls, TimeSpan.FromMinutes(1)),

        // A client may have its answer, and the test let time pass, before the write that brought it has returned.
        Limits = new ServerLimits { WriteTimeout = TimeSpan.FromDays(1) },
    }).Server;
}
