using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>Lists that are asked for again and again: written once, and never out of date.</summary>
public sealed class KeptListTests
{
    private static IEnumerable<Revision> Revisions => KnownRevisions.All;

    [TestCaseSource(nameof(Revisions))]
    public async Task A_list_that_is_asked_for_again_costs_no_memory_that_grows_with_it(Revision revision)
    {
        var few = await AllocatedByListingAsync(revision, 10);
        var many = await AllocatedByListingAsync(revision, 1000);

        many.Should().BeInRange(few - 500, few + 500);
    }

    [TestCaseSource(nameof(Revisions))]
    [Spec("2026-07-28 server/tools §Listing Tools")]
    public async Task Each_answer_is_the_first_one_letter_by_letter(Revision revision)
    {
        var server = Server(5, new McpServerOptions { PageSize = 2 });
        server.AddPrompt("p", "A prompt", () => "p");
        server.AddResource("r://a", "a", "a");
        server.AddResourceTemplate("t://{x}", "t", (string x) => x);
        var caller = await Caller.OpenAsync(server, revision);

        foreach (var method in new[] { Methods.ToolsList, Methods.PromptsList, Methods.ResourcesList, Methods.ResourcesTemplatesList })
        {
            var first = await caller.ListAsync(method);
            (await caller.ListAsync(method)).Should().Be(first);
            (await caller.ListAsync(method)).Should().Be(first);
        }
    }

    [Test]
    [Spec("2025-11-25 server/tools §Structured Content")]
    public async Task Each_revision_keeps_its_own_words_of_a_list()
    {
        var server = new McpServer("kept", "1.0.0");
        var tool = new Tool { Name = "slow", InputSchema = JsonElement.Parse("""{"type":"object"}"""), OutputSchema = JsonElement.Parse("""{"type":"integer"}""") };
        server.AddTool(tool, (_, _, _) => new(ToolResults.Text("x")), new ToolTasks());
        var callers = new Dictionary<Revision, Caller>();
        foreach (var revision in Revisions)
            callers[revision] = await Caller.OpenAsync(server, revision);

        for (var i = 0; i < 3; i++)
        {
            foreach (var (revision, caller) in callers)
            {
                var list = await caller.ListAsync(Methods.ToolsList);
                list.Contains("outputSchema", StringComparison.Ordinal).Should().Be(revision.Era == Era.Modern, "its output is no object");
                list.Contains("\"execution\"", StringComparison.Ordinal).Should().Be(revision == KnownRevisions.V20251125);
                list.Contains("ttlMs", StringComparison.Ordinal).Should().Be(revision.Era == Era.Modern);
            }
        }
    }

    [TestCaseSource(nameof(Revisions))]
    [Spec("2026-07-28 server/tools §Listing Tools")]
    public async Task What_is_added_removed_and_replaced_is_seen_by_whoever_asks_next(Revision revision)
    {
        var server = Server(2);
        var caller = await Caller.OpenAsync(server, revision);
        (await caller.NamesAsync()).Should().Equal("t0", "t1");

        server.AddTool("new", "New", () => "new");
        (await caller.NamesAsync()).Should().Equal("t0", "t1", "new");

        server.Tools.Remove("t0");
        (await caller.NamesAsync()).Should().Equal("t1", "new");

        server.Tools.Remove("t1");
        server.AddTool("t1", "Another of this name", () => "other");
        (await caller.NamesAsync()).Should().Equal("new", "t1");
        (await caller.ListAsync(Methods.ToolsList)).Should().Contain("Another of this name");
    }

    [Test]
    public async Task A_tool_that_describes_itself_otherwise_is_listed_so_without_having_been_removed()
    {
        var server = Server(2);
        var moody = new MoodyTool();
        server.Tools.Add(moody);
        var caller = await Caller.OpenAsync(server, KnownRevisions.V20260728);

        foreach (var mood in new[] { "calm", "calm", "angry", "angry", "calm" })
        {
            moody.Mood = mood;
            (await caller.ListAsync(Methods.ToolsList)).Should().Contain($"I am {mood}");
        }
    }

    [Test]
    public async Task What_changes_while_a_list_is_made_stands_on_the_next_one()
    {
        var server = Server(2);
        var moody = new MoodyTool();
        server.Tools.Add(moody);
        var caller = await Caller.OpenAsync(server, KnownRevisions.V20260728);
        moody.Asked = () =>
        {
            moody.Asked = null;
            server.Tools.Remove("t0");
            server.AddTool("late", "Late", () => "late");
        };

        (await caller.NamesAsync()).Should().Equal("t0", "t1", "moody");
        (await caller.NamesAsync()).Should().Equal("t1", "moody", "late");
    }

    [Test]
    public async Task What_a_middleware_makes_of_a_list_reaches_the_one_it_was_made_for_alone()
    {
        HandlerMiddleware<RequestContext> hide = async (request, context, next, cancellationToken) =>
            await next(request, context, cancellationToken) is ListToolsResult list && context.ClientInfo?.Name == "small"
                ? list with { Tools = [list.Tools[0]] }
                : await next(request, context, cancellationToken);
        var server = Server(3, new McpServerOptions { HandlerMiddleware = [hide] });
        var small = await Caller.OpenAsync(server, KnownRevisions.V20251125, "small");
        var other = await Caller.OpenAsync(server, KnownRevisions.V20251125, "other");

        for (var i = 0; i < 3; i++)
        {
            (await small.NamesAsync()).Should().Equal("t0");
            (await other.NamesAsync()).Should().Equal("t0", "t1", "t2");
        }
    }

    [TestCase(0)]
    [TestCase(10_000)]
    public async Task What_is_kept_is_bounded_and_what_is_not_kept_is_told_all_the_same(int mostBytes)
    {
        var server = Server(100, new McpServerOptions { PageSize = 10, Limits = new() { MaxKeptListBytes = mostBytes } });
        var caller = await Caller.OpenAsync(server, KnownRevisions.V20260728);

        for (var i = 0; i < 3; i++)
            (await caller.NamesAsync()).Should().Equal(Enumerable.Range(0, 100).Select(number => $"t{number}"));
    }

    [TestCase(1_000_000, true)]
    [TestCase(5_000, false, Description = "Room for the page, and none for its words.")]
    [TestCase(0, false)]
    public async Task No_more_is_kept_than_there_is_room_for(int mostBytes, bool isKept)
    {
        var caller = await Caller.OpenAsync(Server(100, new McpServerOptions { Limits = new() { MaxKeptListBytes = mostBytes } }), KnownRevisions.V20260728);

        (await caller.KeepsAsync(null)).Should().Be(isKept);
    }

    [Test]
    public async Task A_page_that_begins_where_none_of_the_servers_own_does_takes_no_room()
    {
        var one = await Caller.OpenAsync(Server(5, new McpServerOptions { PageSize = 1 }), KnownRevisions.V20260728);
        var two = await Caller.OpenAsync(Server(5, new McpServerOptions { PageSize = 2 }), KnownRevisions.V20260728);

        var foreign = await one.CursorAsync(null);
        (await two.KeepsAsync(foreign)).Should().BeFalse();
        (await two.KeepsAsync(await two.CursorAsync(null))).Should().BeTrue();
        (await two.ListAsync(Methods.ToolsList, foreign)).Should().Contain("\"t1\"").And.Contain("\"t2\"").And.NotContain("\"t0\"");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Tool-Level Negotiation")]
    public async Task A_session_without_tasks_is_told_nothing_of_them_by_a_list_that_one_with_tasks_had_kept()
    {
        var server = Server(1);
        var without = await Caller.OpenAsync(server, KnownRevisions.V20251125);
        var tool = new Tool { Name = "slow", InputSchema = JsonElement.Parse("""{"type":"object"}""") };
        server.AddTool(tool, (_, _, _) => new(ToolResults.Text("x")), new ToolTasks());
        var with = await Caller.OpenAsync(server, KnownRevisions.V20251125);

        for (var i = 0; i < 3; i++)
        {
            (await with.ListAsync(Methods.ToolsList)).Should().Contain("\"execution\"");
            (await without.ListAsync(Methods.ToolsList)).Should().NotContain("\"execution\"");
        }
    }

    [Test]
    public void A_range_is_found_as_one_or_not_at_all()
    {
        var server = Server(1);
        var seen = false;
        var second = new NosyTool(() => seen |= server.Tools.TryFind("first", out _));

        server.Invoking(s => s.Tools.AddRange([Plain("first"), second, Plain("t0")])).Should().Throw<ArgumentException>().WithMessage("*'t0'*");
        seen.Should().BeFalse("it is being added");
        server.Tools.TryFind("first", out _).Should().BeFalse();

        server.Tools.AddRange([Plain("first"), second]);
        seen.Should().BeFalse("it is being added");
        server.Tools.TryFind("first", out _).Should().BeTrue();
    }

    [Test]
    public async Task Ten_thousand_tools_are_added_in_no_more_memory_each_than_ten_and_listed_page_by_page()
    {
        var tool = new Tool { Name = "x", InputSchema = JsonElement.Parse("""{"type":"object"}""") };
        var server = new McpServer("many", "1.0.0", new McpServerOptions { PageSize = 100 });
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            server.AddTool(tool with { Name = $"t{i}" }, (_, _, _) => new(ToolResults.Text("x")));
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 10_000;

        var caller = await Caller.OpenAsync(server, KnownRevisions.V20260728);

        each.Should().BeLessThan(4000, "an array of all others for each would be 40,000");
        for (var i = 0; i < 2; i++)
            (await caller.NamesAsync()).Should().Equal(Enumerable.Range(0, 10_000).Select(number => $"t{number}"));
    }

    [Test]
    public async Task Whoever_lists_while_tools_come_and_go_sees_the_tools_of_one_moment()
    {
        var server = new McpServer("busy", "1.0.0");
        using var done = new CancellationTokenSource();
        var changing = Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                server.Tools.AddRange([Plain($"a{i}"), Plain($"b{i}")]);
                if (i >= 5)
                {
                    server.Tools.Remove($"a{i - 5}");
                    server.Tools.Remove($"b{i - 5}");
                }
            }

            done.Cancel();
        });

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var caller = await Caller.OpenAsync(server, KnownRevisions.V20260728);
            while (!done.IsCancellationRequested)
            {
                var names = await caller.NamesAsync();
                names.Should().OnlyHaveUniqueItems().And.HaveCountLessThan(15);
                if (names.Count > 0)
                    names[^1].Should().StartWith("b", "a range is added as one");
            }
        })));
        await changing;
        (await (await Caller.OpenAsync(server, KnownRevisions.V20260728)).NamesAsync()).Should().HaveCount(10);
    }

    private static SchemaTool Plain(string name) =>
        new(new Tool { Name = name, InputSchema = JsonElement.Parse("""{"type":"object"}""") }, (_, _, _) => new(ToolResults.Text("x")), null);

    private static McpServer Server(int tools, McpServerOptions? options = null)
    {
        var server = new McpServer("kept", "1.0.0", options);
        for (var i = 0; i < tools; i++)
            server.AddTool($"t{i}", $"The tool number {i}", (int a, string b) => b + a);
        return server;
    }

    private static async Task<long> AllocatedByListingAsync(Revision revision, int tools)
    {
        var caller = await Caller.OpenAsync(Server(tools), revision);
        using var output = new PooledBuffer(1024 * 1024);
        caller.Output = output;
        long allocated = 0;
        for (var i = 0; i < 3; i++)
        {
            output.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            caller.SendList(Methods.ToolsList).Should().BeTrue();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        output.Length.Should().BeGreaterThan(tools * 100);
        return allocated;
    }

    /// <summary>A tool that looks round while it is added.</summary>
    private sealed class NosyTool(Action look) : McpTool
    {
        public override string Name
        {
            get
            {
                look();
                return "nosy";
            }
        }

        public override Tool Definition { get; } = new() { Name = "nosy", InputSchema = JsonElement.Parse("""{"type":"object"}""") };

        public override ValueTask<Result> CallAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) =>
            new(ToolResults.Text("x"));
    }

    /// <summary>A tool whose description depends on how it feels.</summary>
    private sealed class MoodyTool : McpTool
    {
        private readonly Dictionary<string, Tool> definitions = [];

        public string Mood { get; set; } = "calm";

        public Action? Asked { get; set; }

        public override string Name => "moody";

        public override Tool Definition
        {
            get
            {
                Asked?.Invoke();
                if (!definitions.TryGetValue(Mood, out var told))
                    definitions[Mood] = told = new Tool { Name = Name, Description = $"I am {Mood}", InputSchema = JsonElement.Parse("""{"type":"object"}""") };
                return told;
            }
        }

        public override ValueTask<Result> CallAsync(JsonElement arguments, RequestContext context, CancellationToken cancellationToken) =>
            new(ToolResults.Text(Mood));
    }

    /// <summary>Asks a server without a transport in between, in one revision.</summary>
    private sealed class Caller(McpServer server, Revision revision, Conversation? session) : IResponseStream
    {
        private JsonRpcMessage? answer;

        /// <summary>Takes the answers as bytes; null to keep the last as a message.</summary>
        public PooledBuffer? Output { get; set; }

        public static async Task<Caller> OpenAsync(McpServer server, Revision revision, string name = "caller")
        {
            if (revision.Era == Era.Modern)
                return new Caller(server, revision, null);

            var caller = new Caller(server, revision, new Conversation(TimeProvider.System, fault => throw fault));
            var opening = Wire.Initialize(revision.Version).Replace("\"name\":\"t\"", $"\"name\":\"{name}\"", StringComparison.Ordinal);
            await caller.SendAsync(opening);
            return caller;
        }

        public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
        {
            if (Output is { } output)
                JsonRpcWriter.Write(output, message);
            else
                answer = message;
            return ValueTask.CompletedTask;
        }

        /// <summary>Sends a request; false if it is not answered on the spot.</summary>
        public bool SendList(string method) => SendAsync(RequestFor(method, null)).AsTask().IsCompletedSuccessfully;

        /// <summary>The first page, as it stands on the wire.</summary>
        public async Task<string> ListAsync(string method, string? cursor = null)
        {
            await SendAsync(RequestFor(method, cursor));
            return answer.Should().BeOfType<JsonRpcResultResponse>().Subject.ToString();
        }

        /// <summary>Where the page behind this one begins.</summary>
        public async Task<string?> CursorAsync(string? cursor) =>
            JsonElement.Parse(await ListAsync(Methods.ToolsList, cursor)).GetProperty("result").GetProperty("nextCursor").GetString();

        /// <summary>Whether the same bytes are sent again.</summary>
        public async Task<bool> KeepsAsync(string? cursor)
        {
            await ListAsync(Methods.ToolsList, cursor);
            await ListAsync(Methods.ToolsList, cursor);
            var first = ((JsonRpcResultResponse)answer!).Result.ToUtf8();
            await ListAsync(Methods.ToolsList, cursor);
            return first.Equals(((JsonRpcResultResponse)answer!).Result.ToUtf8());
        }

        /// <summary>The names of all tools, page by page.</summary>
        public async Task<List<string>> NamesAsync()
        {
            var names = new List<string>();
            string? cursor = null;
            do
            {
                var page = JsonElement.Parse(await ListAsync(Methods.ToolsList, cursor)).GetProperty("result");
                names.AddRange(page.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!));
                cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
            }
            while (cursor is not null);
            return names;
        }

        private string RequestFor(string method, string? cursor)
        {
            var member = cursor is null ? "" : $"\"cursor\":\"{cursor}\",";
            var meta = revision.Era == Era.Modern
                ? $$$"""{"io.modelcontextprotocol/protocolVersion":"{{{revision.Version}}}","io.modelcontextprotocol/clientCapabilities":{}}"""
                : "{}";
            return $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{ {{{member}}} "_meta":{{{meta}}} } }""";
        }

        private ValueTask SendAsync(string json) => server.HandleAsync(
            JsonRpcReader.Parse(System.Text.Encoding.UTF8.GetBytes(json)), new Exchange(this) { Conversation = session }, CancellationToken.None);
    }
}
