using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>Over real sockets: what becomes of the answer to a request whose client loses its connection.</summary>
[Spec("2025-11-25 basic/transports §Resumability and Redelivery")]
[Spec("2025-06-18 basic/transports §Resumability and Redelivery")]
[Spec("2025-03-26 basic/transports §Resumability and Redelivery")]
public sealed class ResumptionTests
{
    private static readonly string[] Whole = ["one", "two", "three", "the end"];

    private static IEnumerable<TestCaseData> Cuts =>
        from version in new[] { "2025-03-26", "2025-06-18", "2025-11-25" }
        from position in Enumerable.Range(0, Whole.Length + 1)
        from live in new[] { false, true }
        where version == "2025-11-25" || position > 0
        select new TestCaseData(version, position, live);

    [TestCaseSource(nameof(Cuts))]
    public async Task A_client_that_loses_its_connection_anywhere_gets_the_rest_and_nothing_twice(string version, int position, bool live)
    {
        var server = new StepServer();
        await using var host = await server.StartAsync(new() { SilentResponseDelay = TimeSpan.FromMilliseconds(20) });
        var client = await SessionClient.OpenAsync(host.Address, version);
        using var first = await client.CallAsync("steps");
        List<string> heard = [];
        var primes = version == "2025-11-25";
        if (primes)
            (await first.NextAsync())!.Data.Should().BeEmpty();
        for (var i = 0; i < position; i++)
        {
            await DoAsync(server, i);
            heard.Add((await first.NextAsync())!.Data);
        }

        first.Cut();
        using var resumed = live ? await client.ListenAsync(first.LastId) : null;
        if (resumed is not null)
            await resumed.HeadAsync();
        for (var i = position; i < Whole.Length; i++)
            await DoAsync(server, i);
        if (!live && position < Whole.Length)
            await UntilAsync(() => server.Store.Count == Whole.Length);
        using var second = resumed ?? await client.ListenAsync(first.LastId);
        heard.AddRange(await second.RestAsync());

        heard.Should().HaveSameCount(Whole);
        heard.Zip(Whole).Should().OnlyContain(pair => pair.First.Contains(pair.Second));
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Resumability and Redelivery", 2)]
    public async Task A_resumed_stream_carries_its_own_messages_and_no_other_ones(string version)
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address, version);
        using var one = await client.CallAsync("steps", "1");
        await server.SayAsync("of one");
        await one.NextAsync();
        server.End();
        await one.RestAsync();
        using var other = await client.CallAsync("steps", "2");
        await server.SayAsync("before");
        await other.NextAsync();
        var first = other.LastId!;
        await server.SayAsync("of the other");
        server.End();
        await other.RestAsync();

        using var resumed = await client.ListenAsync(first);
        var rest = await resumed.RestAsync();

        rest.Where(data => !data.Contains("before")).Should().SatisfyRespectively(
            next => next.Should().Contain("of the other"), last => last.Should().Contain("\"id\":2"));
        string.Concat(rest).Should().NotContain("of one");
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 basic/transports §Resumability and Redelivery", 1)]
    public async Task Ids_are_unique_in_a_session(string version)
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address, version);
        List<string?> ids = [];
        for (var call = 1; call <= 3; call++)
        {
            using var stream = await client.CallAsync("steps", $"{call}");
            await server.SayAsync("something");
            await server.TellAsync("something");
            server.End();
            while (await stream.NextAsync() is { } read)
                ids.Add(read.Id);
        }

        using var listening = await client.ListenAsync();
        for (var told = 1; told <= 3; told++)
            ids.Add((await listening.NextAsync())!.Id);

        ids.Should().HaveCount(version == "2025-11-25" ? 12 : 9).And.OnlyHaveUniqueItems().And.NotContainNulls();
    }

    [TestCase("0123456789abcdef-1")]
    [TestCase("x")]
    [TestCase("0123456789abcdef")]
    [TestCase("0123456789abcdef-")]
    [TestCase("0123456789abcdef--1")]
    [TestCase("0123456789abcdef-99999999999999999999")]
    [TestCase("../../../../../etc/passwd-1")]
    public async Task An_id_that_leads_nowhere_is_refused_with_words(string id)
    {
        await using var host = await new StepServer().StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        foreach (var last in new[] { id, id + new string('1', 20_000) })
        {
            using var resumed = await client.ListenAsync(last);
            var answer = await resumed.ReadAsync();

            answer.Status.Should().Be(400);
            answer.Body.Should().Contain("Last-Event-ID names no stream of this session");
        }
    }

    [Test]
    public async Task The_id_of_another_session_replays_nothing()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var victim = await SessionClient.OpenAsync(host.Address);
        var thief = await SessionClient.OpenAsync(host.Address);
        using var stream = await victim.CallAsync("steps");
        await server.SayAsync("a secret");
        await stream.NextAsync();
        using var whileItRuns = await thief.ListenAsync(stream.LastId);
        (await whileItRuns.ReadAsync()).Status.Should().Be(400);
        server.End();
        await stream.RestAsync();
        using var afterwards = await thief.ListenAsync(stream.LastId);

        (await afterwards.ReadAsync()).Status.Should().Be(400);
    }

    [Test]
    public async Task Of_two_that_resume_the_same_stream_the_later_has_it_and_the_response_comes_once()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var first = await client.CallAsync("steps");
        await server.SayAsync("one");
        await first.NextAsync();
        var last = (await first.NextAsync())!.Id;
        using var second = await client.ListenAsync(last);
        (await second.HeadAsync()).Status.Should().Be(200);
        (await first.RestAsync()).Should().BeEmpty("its place was taken");
        using var third = await client.ListenAsync(last);
        (await second.RestAsync()).Should().BeEmpty("its place was taken");
        server.End();

        (await third.RestAsync()).Should().ContainSingle().Which.Should().Contain("the end");
    }

    [Test]
    public async Task Many_that_resume_at_once_leave_one_with_the_stream()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var first = await client.CallAsync("steps");
        await server.SayAsync("one");
        await first.NextAsync();
        await first.NextAsync();
        var resumed = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.ListenAsync(first.LastId)));
        var hearing = resumed.Select(RestOrNothingAsync).ToArray();
        await UntilAsync(() => hearing.Count(stream => stream.IsCompleted) == 9);
        server.End();
        var heard = await Task.WhenAll(hearing);
        foreach (var stream in resumed)
            stream.Dispose();

        heard.SelectMany(data => data).Should().ContainSingle().Which.Should().Contain("the end");
    }

    [Test]
    public async Task What_comes_after_the_response_is_the_end()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var stream = await client.CallAsync("steps");
        await server.SayAsync("one");
        server.End();
        await stream.RestAsync();
        using var resumed = await client.ListenAsync(stream.LastId);

        (await resumed.RestAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task A_request_that_the_server_sent_on_a_stream_that_broke_is_sent_again()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var first = await client.CallAsync("steps");
        await server.SayAsync("one");
        await first.NextAsync();
        first.Cut();
        await server.AskAsync("question");
        using var resumed = await client.ListenAsync(first.LastId);
        await resumed.NextAsync();

        (await resumed.NextAsync())!.Data.Should().Contain("\"id\":\"question\",\"method\":\"ping\"");
        server.End();
        await resumed.RestAsync();
    }

    [Test]
    public async Task A_client_that_takes_no_events_cannot_be_asked()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var call = await client.SendAsync("POST /mcp", Wire.LegacyCall("steps"), "Accept: application/json");
        var asking = async () => await server.DoAsync(async context =>
        {
            var ask = async () => await context.Exchange.Stream.SendAsync(new JsonRpcRequest(1, "ping"), default);
            (await ask.Should().ThrowAsync<JsonRpcException>()).WithMessage("*Accept*");
        });
        await asking();
        server.End();

        (await call.ReadAsync()).Body.Should().Contain("the end");
    }

    [Test]
    public async Task What_has_expired_is_refused_with_words()
    {
        var time = new ManualTime();
        var server = new StepServer(new McpServerOptions { TimeProvider = time });
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var stream = await client.CallAsync("steps");
        await server.SayAsync("one");
        server.End();
        await stream.RestAsync();
        (await client.PostAsync(Wire.Initialized)).Should().Be(202);
        time.Advance(TimeSpan.FromMinutes(10));
        using var resumed = await client.ListenAsync(stream.LastId);

        (await resumed.ReadAsync()).Status.Should().Be(400);
        server.Store.Count.Should().Be(0);
    }

    [Test]
    public async Task Of_a_running_request_whose_messages_were_pushed_out_the_rest_and_the_response_come()
    {
        var server = new StepServer(limits: new() { MaxEventsPerSession = 2 });
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var first = await client.CallAsync("steps");
        await server.SayAsync("one");
        await first.NextAsync();
        first.Cut();
        for (var i = 2; i <= 5; i++)
            await server.SayAsync($"number {i}");
        using var resumed = await client.ListenAsync(first.LastId);
        (await resumed.NextAsync())!.Data.Should().Contain("number 4");
        server.End();

        (await resumed.RestAsync()).Should().SatisfyRespectively(
            next => next.Should().Contain("number 5"), last => last.Should().Contain("the end"));
    }

    [Test]
    public async Task A_client_that_comes_back_for_a_response_that_was_too_large_to_keep_is_told()
    {
        var server = new StepServer(limits: new() { MaxBytesPerSession = 1000 });
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var first = await client.CallAsync("steps");
        await server.CloseAsync();
        await first.RestAsync();
        server.End(new string('x', 2000));
        await UntilAsync(() => server.Store.Count > 0);
        using var resumed = await client.ListenAsync(first.LastId);

        (await resumed.RestAsync()).Should().ContainSingle().Which.Should().Contain("\"id\":1,\"error\"").And.Contain("could not be kept");
    }

    [Test]
    [Spec("2025-11-25 basic/transports §Session Management")]
    public async Task A_session_that_ends_takes_its_streams_and_what_they_carried_along()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var cut = await client.CallAsync("steps", "1");
        await server.SayAsync("one");
        await cut.NextAsync();
        using var resumed = await client.ListenAsync(cut.LastId);
        await resumed.NextAsync();
        using var standalone = await client.ListenAsync();
        await standalone.NextAsync();

        (await client.DeleteAsync()).Should().Be(204);

        (await resumed.RestAsync()).Should().BeEmpty();
        (await standalone.RestAsync()).Should().BeEmpty();
        await UntilAsync(() => server.Store.Count == 0);
        server.Store.Bytes.Should().Be(0);
        using var later = await client.ListenAsync(cut.LastId);
        (await later.ReadAsync()).Status.Should().Be(404);
    }

    [Test]
    public async Task A_stopping_server_still_answers_those_who_came_back()
    {
        var server = new StepServer();
        var host = await server.StartAsync();
        await using var stopping = host;
        var client = await SessionClient.OpenAsync(host.Address);
        using var first = await client.CallAsync("steps");
        await server.CloseAsync();
        await first.RestAsync();
        using var resumed = await client.ListenAsync(first.LastId);
        using var standalone = await client.ListenAsync();
        await resumed.HeadAsync();
        await standalone.NextAsync();
        var stopped = host.StopAsync();
        (await standalone.RestAsync()).Should().BeEmpty("it would go on for ever");
        server.End();

        (await resumed.RestAsync()).Should().ContainSingle().Which.Should().Contain("the end");
        await stopped.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_server_stops_while_a_client_is_away()
    {
        var server = new StepServer(new McpServerOptions { Limits = new() { ShutdownTimeout = TimeSpan.FromMilliseconds(50) } });
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var first = await client.CallAsync("steps");
        await server.CloseAsync();
        await first.RestAsync();

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    [Spec("2025-03-26 basic/transports §Sending Messages to the Server")]
    public async Task The_answer_to_an_array_is_resumed_as_a_whole()
    {
        var server = new StepServer();
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address, "2025-03-26");
        using var first = await client.SendAsync("POST /mcp", $"[{Wire.LegacyCall("steps", "1")},{Wire.LegacyCall("echo", "2")}]");
        await server.SayAsync("one");
        await first.NextAsync();
        first.Cut();
        server.End();
        using var resumed = await client.ListenAsync(first.LastId);
        var rest = await resumed.RestAsync();

        rest.Should().HaveCount(2).And.Contain(data => data.Contains("\"id\":1")).And.Contain(data => data.Contains("\"id\":2"));
    }

    [Test]
    public async Task A_call_that_is_answered_with_JSON_does_not_touch_the_store()
    {
        var store = new FailingStore();
        var server = new StepServer(new McpServerOptions { EventStore = store });
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var call = await client.CallAsync("echo");

        (await call.ReadAsync()).Header("Content-Type").Should().Be("application/json");
        store.Calls.Should().Be(0);
    }

    [Test]
    public async Task A_store_that_fails_costs_the_second_delivery_and_not_the_first()
    {
        var server = new StepServer(new McpServerOptions { EventStore = new FailingStore() });
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var stream = await client.CallAsync("steps");
        await server.SayAsync("one");
        server.End();
        (await stream.RestAsync()).Should().HaveCount(2);
        using var resumed = await client.ListenAsync(stream.LastId);
        var answer = await resumed.ReadAsync();

        answer.Status.Should().Be(503);
        answer.Body.Should().Contain("try again later").And.NotContain("disk");
        (await client.DeleteAsync()).Should().Be(204);
    }

    [Test]
    public async Task A_store_that_does_not_answer_holds_nobody_up_for_long()
    {
        var time = new ManualTime();
        var events = new KeptEvents(new FailingStore { Hangs = true }, new McpServerOptions { TimeProvider = time });
        var keeping = events.KeepAsync(new("a", "b"), new(1, default)).AsTask();
        var reading = events.ReadAsync(new("a", "b"), 0, 1).AsTask();
        time.Advance(TimeSpan.FromSeconds(30));

        (await keeping).Should().BeFalse();
        (await events.KeepAsync(new("a", "b"), new(2, default)).AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Should().BeFalse("it is left alone");
        (await reading.Awaiting(task => task).Should().ThrowAsync<JsonRpcException>()).WithMessage("*try again later*");
    }

    [Test]
    public async Task A_store_that_gives_the_same_events_again_and_again_sends_nobody_round_in_a_circle()
    {
        var server = new StepServer(new McpServerOptions { EventStore = new ForgetfulStore() });
        await using var host = await server.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address);
        using var stream = await client.CallAsync("steps");
        await server.SayAsync("one");
        (await stream.NextAsync()).Should().NotBeNull();
        stream.Cut();
        using var resumed = await client.ListenAsync(stream.LastId);
        server.End();

        (await resumed.RestAsync().WaitAsync(TimeSpan.FromSeconds(30))).Should().HaveCountLessThan(10);
    }

    [TestCase("2025-03-26")]
    [TestCase("2025-11-25")]
    public async Task Clients_that_lose_their_connections_again_and_again_miss_nothing_and_get_nothing_twice(string version)
    {
        var server = new McpServer("talks", "1.0.0");
        server.AddTool("talk", "Says a hundred things", async (RequestContext context) =>
        {
            for (var i = 0; i < 100; i++)
            {
                await context.LogAsync(LoggingLevel.Warning, $"<{i}>");
                if (i % 25 == 3)
                    await context.CloseStreamAsync();
            }

            return "<100>";
        });
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        var client = await SessionClient.OpenAsync(host.Address, version);

        var heard = await Task.WhenAll(Enumerable.Range(1, 8).Select(call => HearAsync(call, new Random(call))));

        heard.Should().AllSatisfy(all => all.Should().Equal(Enumerable.Range(0, 101).Select(i => $"<{i}>")));

        async Task<List<string>> HearAsync(int call, Random random)
        {
            List<string> all = [];
            var stream = await client.CallAsync("talk", $"{call}");
            while (all is not [.., "<100>"])
            {
                await ListenAsync(stream, random.Next(1, 30), all);
                stream.Cut();
                stream = await client.ListenAsync(stream.LastId);
            }

            stream.Dispose();
            return all;
        }

        static async Task ListenAsync(SessionStream stream, int most, List<string> all)
        {
            for (var i = 0; i < most && await stream.NextAsync() is { } read; i++)
            {
                if (read.Data.Length > 0)
                    all.Add(Regex.Match(read.Data, "<[0-9]+>").Value);
            }
        }
    }

    private static async Task DoAsync(StepServer server, int step)
    {
        if (step < Whole.Length - 1)
            await server.SayAsync(Whole[step]);
        else
            server.End();
    }

    /// <summary>What is on a stream that may have been taken away, even in the middle of a write.</summary>
    private static async Task<List<string>> RestOrNothingAsync(SessionStream stream)
    {
        try
        {
            return await stream.RestAsync();
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            patience.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }
    }

    /// <summary>Does not keep to the position that it is asked for.</summary>
    private sealed class ForgetfulStore : IEventStore
    {
        private readonly ConcurrentQueue<StoredEvent> events = new();

        public ValueTask<bool> AppendAsync(EventStreamId stream, StoredEvent added, CancellationToken cancellationToken = default)
        {
            events.Enqueue(added);
            return new(true);
        }

        public ValueTask<IReadOnlyList<StoredEvent>?> ReadAsync(
            EventStreamId stream, long after, int most, CancellationToken cancellationToken = default) => new([.. events.Take(1)]);

        public ValueTask ForgetAsync(string session, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class FailingStore : IEventStore
    {
        private int calls;

        public int Calls => Volatile.Read(ref calls);

        public bool Hangs { get; init; }

        public ValueTask<bool> AppendAsync(EventStreamId stream, StoredEvent added, CancellationToken cancellationToken = default) => FailAsync<bool>();

        public ValueTask<IReadOnlyList<StoredEvent>?> ReadAsync(
            EventStreamId stream, long after, int most, CancellationToken cancellationToken = default) => FailAsync<IReadOnlyList<StoredEvent>?>();

        public async ValueTask ForgetAsync(string session, CancellationToken cancellationToken = default) => await FailAsync<bool>();

        private ValueTask<T> FailAsync<T>()
        {
            Interlocked.Increment(ref calls);
            return Hangs ? new(new TaskCompletionSource<T>().Task) : throw new IOException("The disk is full.");
        }
    }
}
