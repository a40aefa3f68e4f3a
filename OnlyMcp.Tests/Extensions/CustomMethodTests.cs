using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Extensions;

/// <summary>Requests and notifications that the protocol does not have, over every transport and revision.</summary>
public sealed partial class CustomMethodTests
{
    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 basic §Requests")]
    public async Task A_method_of_ones_own_is_answered_with_a_result_of_ones_own(Way way)
    {
        var server = new McpServer("hats", "1.0.0");
        server.AddMethod("com.example/hats/fit", (Head head, RequestContext context, CancellationToken _) =>
            ValueTask.FromResult(new Hat { Size = head.Girth + 1, Version = context.ProtocolVersion }), Json.Default.Head, Json.Default.Hat);
        await using var connected = await way.ConnectAsync(server);

        var fits = await connected.Client.SendRequestAsync("com.example/hats/fit", JsonBody.Of(new Head(57), Json.Default.Head));
        var unfit = () => connected.Client.SendRequestAsync("com.example/hats/fit", new JsonBody("""{"girth":"wide"}"""u8.ToArray()));
        var unknown = () => connected.Client.SendRequestAsync("com.example/hats/burn");

        fits.Read(Json.Default.Hat).Should().Match<Hat>(hat => hat.Size == 58 && hat.Version == way.Revision.Version);
        (await unfit.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InvalidParams);
        (await unknown.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.MethodNotFound);
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task A_result_whose_converter_writes_no_JSON_is_an_error_of_its_request_alone(Way way)
    {
        var server = new McpServer("hats", "1.0.0");
        server.AddMethod(
            "com.example/hats/raw",
            (Head head, RequestContext _, CancellationToken _) => ValueTask.FromResult(new Raw(new RawJson(head.Girth > 50 ? "{]" : "[\n1]"))),
            Json.Default.Head,
            Raw.TypeInfo);
        await using var connected = await way.ConnectAsync(server);

        var broken = () => connected.Client.SendRequestAsync("com.example/hats/raw", JsonBody.Of(new Head(51), Json.Default.Head));
        (await broken.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InternalError);

        var whole = await connected.Client.SendRequestAsync("com.example/hats/raw", JsonBody.Of(new Head(50), Json.Default.Head));
        whole.ToElement().GetProperty("Text").EnumerateArray().Single().GetInt32().Should().Be(1);
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 basic §Notifications")]
    public async Task Notifications_of_ones_own_are_handled_in_order_and_their_faults_are_logged(Way way)
    {
        using var log = new RecordedLog();
        var server = new McpServer("hats", "1.0.0", new McpServerOptions { LoggerFactory = log });
        var heard = new ConcurrentQueue<int>();
        var all = new TaskCompletionSource();
        server.AddNotification("notifications/com.example/hat_off", async (notification, context) =>
        {
            var girth = notification.Params.Read(Json.Default.Head).Girth;
            await Task.Yield();
            heard.Enqueue(girth);
            context.Server.Should().BeSameAs(server);
            context.ProtocolVersion.Should().Be(way.Revision.Era == Era.Legacy ? way.Revision.Version : null);
            if (girth == 20)
                all.TrySetResult();
            throw new TimeZoneNotFoundException("Oh.");
        });
        await using var connected = await way.ConnectAsync(server);

        for (var i = 1; i <= 20; i++)
            await connected.Client.SendNotificationAsync("notifications/com.example/hat_off", JsonBody.Of(new Head(i), Json.Default.Head));
        await connected.Client.SendNotificationAsync("notifications/com.example/unknown");
        await all.Task.WaitAsync(TimeSpan.FromSeconds(30));

        heard.Should().Equal(Enumerable.Range(1, 20));
        (await connected.Client.ListToolsAsync().CountAsync()).Should().Be(0, "the conversation goes on");
        log.Exceptions.OfType<TimeZoneNotFoundException>().Should().NotBeEmpty();
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task Handlers_of_notifications_keep_what_they_know_of_a_session(Way way)
    {
        var server = new McpServer("hats", "1.0.0");
        var counts = new ConcurrentQueue<int>();
        var twice = new SemaphoreSlim(0);
        server.AddNotification("com.example/count", (_, context) =>
        {
            var count = (int)(context.SessionItems.AddOrUpdate("count", 1, (_, before) => (int)before! + 1) ?? 0);
            counts.Enqueue(count);
            twice.Release();
            return default;
        });
        await using var connected = await way.ConnectAsync(server);

        for (var i = 0; i < 2; i++)
        {
            await connected.Client.SendNotificationAsync("com.example/count");
            (await twice.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        }

        counts.Should().Equal(way.Revision.Era == Era.Legacy ? [1, 2] : [1, 1]);
    }

    [TestCase("tools/call")]
    [TestCase("notifications/progress")]
    [TestCase("initialize")]
    [TestCase("rpc.discover")]
    [TestCase("tasks/pause")]
    [TestCase("notifications/tasks/paused")]
    [TestCase("")]
    [Spec("ext-tasks tasks §Reservations")]
    public void Names_of_the_protocol_are_refused_with_words(string name)
    {
        var server = new McpServer("hats", "1.0.0");

        server.Invoking(one => one.AddMethod(name, (_, _, _) => new(new EmptyResult()))).Should().Throw<ArgumentException>();
        server.Invoking(one => one.AddNotification(name, (_, _) => default)).Should().Throw<ArgumentException>();
    }

    [Test]
    public void Extensions_are_declared_in_one_place()
    {
        var declared = () => new McpServerOptions
        {
            Capabilities = new() { Extensions = new Dictionary<string, JsonElement> { ["com.example/hats"] = JsonElement.Parse("{}") } },
        };

        declared.Should().Throw<ArgumentException>().WithMessage("*McpServerOptions.Extensions*");
    }

    [Test]
    public void A_name_is_given_once()
    {
        var server = new McpServer("hats", "1.0.0");
        server.AddMethod("a", (_, _, _) => new(new EmptyResult()));
        server.AddNotification("a", (_, _) => default);

        server.Invoking(one => one.AddMethod("a", (_, _, _) => new(new EmptyResult()))).Should().Throw<ArgumentException>().WithMessage("*added before*");
        server.Invoking(one => one.AddNotification("a", (_, _) => default)).Should().Throw<ArgumentException>().WithMessage("*added before*");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task A_result_that_nobody_can_write_is_an_internal_error(Way way)
    {
        var server = new McpServer("hats", "1.0.0");
        server.AddMethod("com.example/hat", (_, _, _) => new(new Hat { Size = 1 }));
        await using var connected = await way.ConnectAsync(server);

        var ask = () => connected.Client.SendRequestAsync("com.example/hat");

        (await ask.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InternalError);
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 basic §_meta")]
    [Spec("2026-07-28 basic/versioning §Extension Negotiation", 2)]
    public async Task Extensions_are_told_and_compared_and_unknown_ones_are_left_alone(Way way)
    {
        var settings = JsonElement.Parse("""{"brim":"wide"}""");
        var none = JsonElement.Parse("{}");
        var server = new McpServer("hats", "1.0.0", new McpServerOptions
        {
            Extensions = new Dictionary<string, JsonElement> { ["com.example/hats"] = settings, ["com.example/server-only"] = none },
        });
        server.AddTool("both", "Says what both speak", (RequestContext context) => string.Join(' ', new[] { "com.example/hats", "com.example/server-only", "com.example/client-only", "x" }
            .Where(context.HasExtension)) + context.ClientExtension("com.example/client-only"));
        await using var connected = await way.ConnectAsync(server, new McpClientOptions
        {
            Capabilities = new ClientCapabilities { Extensions = new Dictionary<string, JsonElement> { ["com.example/hats"] = none, ["com.example/client-only"] = none } },
        });

        (await connected.Client.CallToolAsync("both")).Text.Should().Be("com.example/hats{}");
        connected.Client.HasExtension("com.example/hats").Should().BeTrue();
        connected.Client.HasExtension("com.example/server-only").Should().BeFalse();
        connected.Client.HasExtension("com.example/client-only").Should().BeFalse();
        connected.Client.ServerExtension("com.example/hats")!.Value.GetProperty("brim").GetString().Should().Be("wide");
    }

    [Test]
    public async Task What_the_client_sends_by_itself_is_not_sent_by_hand()
    {
        await using var connected = await new Way("pipe", KnownRevisions.V20260728).ConnectAsync(new McpServer("hats", "1.0.0"));

        await connected.Client.Invoking(client => client.SendNotificationAsync("notifications/cancelled")).Should().ThrowAsync<ArgumentException>();
        await connected.Client.Invoking(client => client.SendNotificationAsync("notifications/initialized")).Should().ThrowAsync<ArgumentException>();
    }

    internal sealed record Head(int Girth);

    internal sealed record Hat : Result
    {
        public int Size { get; init; }

        public string? Version { get; init; }
    }

    private sealed record Raw(RawJson Text) : Result
    {
        public static JsonTypeInfo<Raw> TypeInfo { get; } =
            (JsonTypeInfo<Raw>)new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }.GetTypeInfo(typeof(Raw));
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Head))]
    [JsonSerializable(typeof(Hat))]
    internal sealed partial class Json : JsonSerializerContext;
}
