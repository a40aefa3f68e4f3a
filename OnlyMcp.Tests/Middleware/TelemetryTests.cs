using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Middleware;

/// <summary>Traces and metrics of both sides, over every transport and revision.</summary>
public sealed class TelemetryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private static readonly ActivitySource Own = new("OnlyMcp.Tests");

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 basic §_meta")]
    public async Task A_call_is_one_trace_from_the_caller_through_both_sides_into_the_tool(Way way)
    {
        using var spans = new Spans();
        await using var connected = await way.ConnectAsync(Server());
        using var caller = Own.StartActivity("caller")!;

        await connected.Client.CallToolAsync("echo", new { text = "x" });
        caller.Stop();

        var client = spans.Of(caller, ActivityKind.Client).Should().ContainSingle().Which;
        var server = spans.Of(caller, ActivityKind.Server).Should().ContainSingle().Which;
        var tool = spans.Of(caller, ActivityKind.Internal).Should().ContainSingle(span => span.DisplayName == "inside").Which;
        client.ParentSpanId.Should().Be(caller.SpanId);
        server.ParentSpanId.Should().Be(client.SpanId);
        server.HasRemoteParent.Should().BeTrue();
        tool.ParentSpanId.Should().Be(server.SpanId);
        foreach (var span in new[] { client, server })
        {
            span.DisplayName.Should().Be("tools/call echo");
            span.Status.Should().Be(ActivityStatusCode.Unset);
            span.GetTagItem("mcp.method.name").Should().Be("tools/call");
            span.GetTagItem("gen_ai.tool.name").Should().Be("echo");
            span.GetTagItem("gen_ai.operation.name").Should().Be("execute_tool");
            span.GetTagItem("mcp.protocol.version").Should().Be(way.Revision.Version);
            span.GetTagItem("network.transport").Should().Be(way.IsHttp ? "tcp" : "pipe");
            span.GetTagItem("jsonrpc.request.id").Should().BeOfType<string>();
            span.GetTagItem("error.type").Should().BeNull();
        }

        (client.GetTagItem("mcp.session.id") is string).Should().Be(way.Transport == "Streamable HTTP" && way.Revision.Era == Era.Legacy);
        client.GetTagItem("mcp.session.id").Should().Be(server.GetTagItem("mcp.session.id"));
        (client.GetTagItem("server.port") is int).Should().Be(way.IsHttp);
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task Failures_are_told_by_their_kind(Way way)
    {
        using var spans = new Spans();
        await using var connected = await way.ConnectAsync(Server());
        using var caller = Own.StartActivity("caller")!;

        await connected.Client.CallToolAsync("fail");
        var unknown = () => connected.Client.CallToolAsync("nobody");
        await unknown.Should().ThrowAsync<JsonRpcException>();
        var strange = () => connected.Client.SendRequestAsync("com.example/nothing");
        await strange.Should().ThrowAsync<JsonRpcException>();

        foreach (var kind in new[] { ActivityKind.Client, ActivityKind.Server })
        {
            var byName = spans.Of(caller, kind).ToDictionary(span => span.DisplayName);
            byName["tools/call fail"].GetTagItem("error.type").Should().Be("tool_error");
            byName["tools/call nobody"].GetTagItem("error.type").Should().Be("-32602");
            byName["tools/call nobody"].GetTagItem("rpc.response.status_code").Should().Be("-32602");
            byName["tools/call nobody"].StatusDescription.Should().StartWith("Unknown tool");
            byName["com.example/nothing"].GetTagItem("error.type").Should().Be("-32601");
            byName.Values.Should().OnlyContain(span => span.Status == ActivityStatusCode.Error);
        }
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task What_a_server_asks_of_its_client_is_part_of_the_trace(Way way)
    {
        using var spans = new Spans();
        var server = new McpServer("asks", "1.0.0");
        server.AddTool("roots", "Lists the roots", async (RequestContext context) => (await context.ListRootsAsync()).Count);
        await using var connected = await way.ConnectAsync(server, new McpClientOptions { Roots = [] });
        using var caller = Own.StartActivity("caller")!;

        await connected.Client.CallToolAsync("roots");

        // A request of the server is one, where there are such; where there are none, the call is sent once more with the answer.
        var asked = spans.Of(caller, ActivityKind.Client).Where(span => span.DisplayName == "roots/list").ToArray();
        asked.Length.Should().Be(way.Revision.Era == Era.Legacy ? 1 : 0);
        spans.Of(caller, ActivityKind.Client).Count(span => span.DisplayName == "tools/call roots").Should().Be(way.Revision.Era == Era.Legacy ? 1 : 2);
        foreach (var one in asked)
            spans.Of(caller, ActivityKind.Server).Should().ContainSingle(span => span.DisplayName == "roots/list").Which.ParentSpanId.Should().Be(one.SpanId);
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 basic §_meta", 12)]
    public async Task State_and_baggage_travel_along(Way way)
    {
        using var spans = new Spans();
        await using var connected = await way.ConnectAsync(Server());
        using var caller = Own.StartActivity("caller")!;
        caller.TraceStateString = "vendor=value";
        caller.AddBaggage("tenant", "a b");

        await connected.Client.CallToolAsync("echo", new { text = "x" });

        var server = spans.Of(caller, ActivityKind.Server).Single();
        server.TraceStateString.Should().Be("vendor=value");
        server.GetBaggageItem("tenant").Should().Be("a b");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task Each_side_measures_how_long_it_took(Way way)
    {
        var tool = $"echo_{Guid.NewGuid():n}";
        var server = Server();
        server.AddTool(tool, "Echoes", () => "x");
        using var measured = new Measurements();
        await using (var connected = await way.ConnectAsync(server))
        {
            await connected.Client.CallToolAsync(tool);
            var unknown = () => connected.Client.CallToolAsync(tool + "_unknown");
            await unknown.Should().ThrowAsync<JsonRpcException>();
        }

        foreach (var side in new[] { "client", "server" })
        {
            var (value, tags) = measured.Of($"mcp.{side}.operation.duration").Should().ContainSingle(one => tool.Equals(one.Tags.GetValueOrDefault("gen_ai.tool.name"))).Which;
            value.Should().BeInRange(0, 60);
            tags["mcp.method.name"].Should().Be("tools/call");
            tags["mcp.protocol.version"].Should().Be(way.Revision.Version);
            tags.Should().NotContainKeys("jsonrpc.request.id", "mcp.session.id");
            measured.Of($"mcp.{side}.operation.duration").Should().NotContain(
                one => (tool + "_unknown").Equals(one.Tags.GetValueOrDefault("gen_ai.tool.name")), "anybody can invent names");
        }

        measured.Of("mcp.client.session.duration").Should().Contain(one => way.Revision.Version.Equals(one.Tags["mcp.protocol.version"]));
        if (way.Revision.Era == Era.Legacy)
            await measured.UntilAsync("mcp.server.session.duration", one => way.Revision.Version.Equals(one.Tags["mcp.protocol.version"]));
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Resource Management")]
    public async Task Tasks_are_counted_while_they_run_and_measured_when_they_end()
    {
        var (tool, go) = ($"job_{Guid.NewGuid():n}", new TaskCompletionSource());
        var server = Server();
        server.AddTool(tool, "Waits", async () => await go.Task, new ToolTasks());
        using var measured = new Measurements();
        await using var connected = await new Way("pipe", KnownRevisions.V20260728).ConnectAsync(server);

        var task = await connected.Client.StartToolAsync(tool);
        IEnumerable<double> Running() => measured.Of("onlymcp.server.tasks.active").Where(one => tool.Equals(one.Tags["gen_ai.tool.name"])).Select(one => one.Value);
        Running().Should().Equal(1);
        go.SetResult();
        await task.WaitAsync();

        await measured.UntilAsync("onlymcp.server.tasks.active", one => tool.Equals(one.Tags["gen_ai.tool.name"]) && one.Value < 0);
        Running().Sum().Should().Be(0);
        var (length, tags) = measured.Of("onlymcp.server.task.duration").Should().ContainSingle(one => tool.Equals(one.Tags["gen_ai.tool.name"])).Which;
        length.Should().BeInRange(0, 60);
        tags["onlymcp.task.status"].Should().Be("completed");
    }

    [TestCase("00-" + Trace + "-00f067aa0ba902b7-01", true)]
    [TestCase("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    [TestCase("00-" + Trace + "-0000000000000000-01", false)]
    [TestCase("00-" + Trace + "-00f067aa0ba902b7", false)]
    [TestCase("", false)]
    [TestCase("nonsense \u0000 and more", false)]
    [Spec("2026-07-28 basic §_meta", 12)]
    public async Task A_malformed_trace_is_no_trace(string parent, bool isTrace)
    {
        using var spans = new Spans();
        await using var connected = await new Way("pipe", KnownRevisions.V20260728).ConnectAsync(Server());
        var name = $"t{Guid.NewGuid():n}";
        var meta = new Dictionary<string, JsonElement>
        {
            ["traceparent"] = JsonSerializer.SerializeToElement(parent),
            ["tracestate"] = JsonSerializer.SerializeToElement(new string('x', 100_000)),
            ["baggage"] = JsonSerializer.SerializeToElement("k=" + new string('y', 100_000)),
        };

        var call = () => connected.Client.CallToolAsync(name, null, new RequestOptions { Meta = meta });
        await call.Should().ThrowAsync<JsonRpcException>("there is no such tool; the trace is what counts");

        var server = spans.All.Single(span => span.Kind == ActivityKind.Server && span.DisplayName == $"tools/call {name}");
        (server.TraceId.ToHexString() == Trace).Should().Be(isTrace, "what the caller put there itself stays");
        server.HasRemoteParent.Should().Be(isTrace);
        server.TraceStateString.Should().BeNullOrEmpty();
        server.Baggage.Should().BeEmpty("it is longer than anybody must bear");
    }

    [Test]
    public async Task Where_nobody_listens_nothing_is_sent_measured_or_allocated()
    {
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport, new McpClientOptions { Revision = KnownRevisions.V20251125 });
        await pipe.ResultAsync(await pipe.NextAsync("initialize"), """{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"s","version":"1"}}""");
        await pipe.NextAsync("notifications/initialized");
        await using var client = await connecting;
        using var ambient = new Activity("ambient").Start();

        _ = client.SendRequestAsync("com.example/x");
        (await pipe.NextAsync("com.example/x")).TryGetProperty("params", out _).Should().BeFalse("a trace is nobody's business unless somebody listens");

        var request = new JsonRpcRequest(1, Methods.ToolsCall);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            (MeasuredRequest.Asking(request, TimeProvider.System) ?? MeasuredRequest.Answering(request, TimeProvider.System))?.Traced.ToString();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Test]
    public async Task A_host_that_traces_HTTP_itself_is_linked()
    {
        using var spans = new Spans();
        var name = $"t{Guid.NewGuid():n}";
        var request = JsonRpcReader.Parse(System.Text.Encoding.UTF8.GetBytes($$$$"""
            {"jsonrpc":"2.0","id":1,"method":"com.example/{{{{name}}}}","params":{"_meta":{"traceparent":"00-{{{{Trace}}}}-00f067aa0ba902b7-01"}}}
            """));
        using var http = Own.StartActivity("POST /mcp")!;

        await Server().HandleAsync(request, new Exchange(new RecordedStream()), default);

        var span = spans.All.Single(span => span.DisplayName == $"com.example/{name}");
        span.TraceId.ToHexString().Should().Be(Trace);
        span.Links.Should().ContainSingle().Which.Context.SpanId.Should().Be(http.SpanId);
    }

    [Test]
    public async Task A_log_that_wants_to_know_hears_of_every_request()
    {
        using var log = new RecordedLog();
        var server = new McpServer("logged", "1.0.0", new McpServerOptions { LoggerFactory = log });
        server.AddTool("echo", "Echoes", () => "x");
        await using var connected = await new Way("pipe", KnownRevisions.V20260728).ConnectAsync(server);

        await connected.Client.CallToolAsync("echo");
        var unknown = () => connected.Client.CallToolAsync("nobody");
        await unknown.Should().ThrowAsync<JsonRpcException>();

        log.Lines.Should().ContainMatch("Debug: 'tools/call' (*) was answered after * ms.")
            .And.ContainMatch("Debug: 'tools/call' (*) failed after * ms: Unknown tool*");
    }

    private static McpServer Server()
    {
        var server = new McpServer("traced", "1.0.0");
        server.AddTool("echo", "Echoes", (string text) =>
        {
            using var inside = Own.StartActivity("inside");
            return text;
        });
        server.AddTool("fail", "Fails", () => ToolResults.Error("no"));
        return server;
    }

    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> stopped = new();
        private readonly ActivityListener listener;

        public Spans()
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name is Telemetry.Name or "OnlyMcp.Tests",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = stopped.Enqueue,
            };
            ActivitySource.AddActivityListener(listener);
        }

        public IEnumerable<Activity> All => stopped;

        public IEnumerable<Activity> Of(Activity caller, ActivityKind kind) =>
            stopped.Where(span => span.TraceId == caller.TraceId && span.Kind == kind && span.SpanId != caller.SpanId);

        public void Dispose() => listener.Dispose();
    }

    private sealed class Measurements : IDisposable
    {
        private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> all = new();
        private readonly MeterListener listener = new();

        public Measurements()
        {
            listener.InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == Telemetry.Name)
                    own.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => all.Enqueue((instrument.Name, value, new(tags.ToArray()))));
            listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => all.Enqueue((instrument.Name, value, new(tags.ToArray()))));
            listener.Start();
        }

        public IEnumerable<(double Value, Dictionary<string, object?> Tags)> Of(string name) =>
            all.Where(one => one.Name == name).Select(one => (one.Value, one.Tags));

        /// <summary>A server learns of the end of a session a little later than its client.</summary>
        public async Task UntilAsync(string name, Func<(double Value, Dictionary<string, object?> Tags), bool> there)
        {
            for (var patience = Stopwatch.StartNew(); !Of(name).Any(there); await Task.Yield())
                patience.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
        }

        public void Dispose() => listener.Dispose();
    }
}
