using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>What a task asks its client, and what the client answers.</summary>
[Spec("ext-tasks tasks §Task Update Requests")]
public sealed class TaskInputTests
{
    private const string Ada = """{"action":"accept","content":{"name":"Ada"}}""";

    private static readonly ElicitSchema Form = new()
    {
        Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema() },
        Required = ["name"],
    };

    [TestCase("pipe", false)]
    [TestCase("pipe", true)]
    [TestCase("HTTP", false)]
    [TestCase("HTTP", true)]
    [Spec("ext-tasks tasks §Task Polling", 3, 4)]
    [Spec("ext-tasks tasks §Task Update Requests", 2, 3, 4, 6, 7)]
    public async Task A_task_asks_in_all_the_ways_there_are_at_once_and_one_after_another(string transport, bool replays)
    {
        var paid = 0;
        var server = new McpServer("asks", "1", new McpServerOptions { ReplayHandlers = replays });
        server.AddTool("ask", "Asks", [McpTask] async (RequestContext context, CancellationToken cancellation) =>
        {
            await context.OnceAsync("pay", _ => Task.FromResult(Interlocked.Increment(ref paid)), cancellation);
            var roots = await context.ListRootsAsync(cancellationToken: cancellation);
            var poems = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.SampleAsync($"poem {i}", $"Poem {i}", cancellationToken: cancellation)));
            var page = await context.ElicitUrlAsync("page", "Log in", new Uri("https://example.com/login"), cancellation);
            var who = await context.ElicitAsync<Person>("who", "Who?", cancellation);
            return $"{roots[0].Uri} {string.Concat(poems.Select(poem => ((TextContent)poem.Content[0]).Text))} {page} {who.Value?.Name}";
        });
        await using var caller = await TaskCaller.OverAsync(transport, server);
        var id = await caller.StartAsync("ask");
        var asked = new List<string>();

        for (var open = await NextAsync(); open.Status() == "input_required"; open = await NextAsync())
        {
            asked.AddRange(open.Questions());
            var answers = open.GetProperty("inputRequests").EnumerateObject().Select(question => $"\"{question.Name}\":{AnswerTo(question.Name)}");
            (await caller.AnswerAsync(id, $"{{{string.Join(',', answers)}}}")).GetProperty("result").GetRawText().Should().StartWith("""{"resultType":"complete","_meta":""");
        }

        (await caller.GetAsync(id)).Text().Should().Be("file:///home 012 Accept Ada");
        asked.Should().OnlyHaveUniqueItems().And.HaveCount(6);
        paid.Should().Be(1);

        // Answered questions are none any more, and the task works, before it asks the next.
        Task<JsonElement> NextAsync() => caller.UntilAsync(id, task =>
            task.IsEnded || (task.Status == McpTaskStatus.InputRequired && !task.Questions.Keys.Intersect(asked).Any() && IsWhole(task)));

        static bool IsWhole(StoredTask task) => !task.Questions.ContainsKey("poem 0") || task.Questions.Count == 3;

        static string AnswerTo(string key) => key switch
        {
            "roots" => """{"roots":[{"uri":"file:///home"}]}""",
            "page" => """{"action":"accept"}""",
            "who" => Ada,
            _ => $$$"""{"role":"assistant","model":"m","content":{"type":"text","text":"{{{key[^1]}}}"} }""",
        };
    }

    [Test]
    public async Task Some_answers_are_taken_and_the_others_still_open_and_what_nobody_asked_is_passed_over()
    {
        var server = new McpServer("asks", "1");
        server.AddTool("both", "B", [McpTask] async (RequestContext context) =>
        {
            var names = await Task.WhenAll(AskAsync(context, "a"), AskAsync(context, "b"));
            var third = await AskAsync(context, "c");
            return string.Join(' ', names.Append(third));
        });
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("both");
        await caller.UntilAsync(id, task => task.Questions.Count == 2);

        var some = await caller.AnswerAsync(id, $$$"""{"b":{{{Ada}}},"never asked":{"what":1},"c":{{{Ada}}} }""");
        var open = await caller.GetAsync(id);
        var again = await caller.AnswerAsync(id, """{"b":{"action":"accept","content":{"name":"Eve"} } }""");
        await caller.AnswerAsync(id, "{}");
        var still = await caller.GetAsync(id);
        await caller.AnswerAsync(id, """{"a":{"action":"accept","content":{"name":"Bob"} } }""");
        var third = await caller.UntilAsync(id, task => task.Questions.ContainsKey("c"));
        await caller.AnswerAsync(id, $$"""{"c":{{Ada}} }""");

        some.TryGetProperty("result", out _).Should().BeTrue();
        again.TryGetProperty("result", out _).Should().BeTrue();
        open.Status().Should().Be("input_required");
        open.Questions().Should().Equal("a");
        still.Questions().Should().Equal("a");
        third.Questions().Should().Equal(["c"], "it was answered before it was asked, which counts for nothing");
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("Bob Ada Ada");
        (await caller.AnswerAsync(id, $$"""{"c":{{Ada}} }""")).TryGetProperty("result", out _).Should().BeTrue("it came too late, which is nobody's fault");
    }

    [TestCase("""{"a":{"action":"accept","content":{"name":7}},"b":{"action":"accept","content":{"name":"Bob"}}}""", "'a'", "/content/name")]
    [TestCase("""{"a":{"action":"accept","content":{"name":"Bob"}},"b":{"action":"maybe"}}""", "'b'", "/action")]
    [TestCase("""{"a":{"action":"accept","content":{"name":"Bob"}},"b":"yes"}""", "'b'", "expected an object")]
    [TestCase("""{"a":{"action":"accept"}}""", "'a'", "/content")]
    public async Task Answers_that_do_not_fit_are_refused_whole_and_the_client_may_try_again(string unfit, string key, string where)
    {
        var server = new McpServer("asks", "1");
        server.AddTool("both", "B", [McpTask] async (RequestContext context) => string.Join(' ', await Task.WhenAll(AskAsync(context, "a"), AskAsync(context, "b"))));
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("both");
        var before = await caller.UntilAsync(id, task => task.Questions.Count == 2);

        var refused = await caller.AnswerAsync(id, unfit);
        var after = await caller.GetAsync(id);
        await caller.AnswerAsync(id, $$"""{"a":{{Ada}},"b":{{Ada}} }""");

        refused.Code().Should().Be(-32602);
        refused.Words().Should().Contain(key).And.Contain(where);
        after.GetRawText().Should().Be(before.GetRawText());
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("Ada Ada");
    }

    [Test]
    public async Task What_a_forms_type_asks_beyond_its_schema_holds_too_before_the_answer_is_taken()
    {
        var server = new McpServer("asks", "1");
        server.AddTool("code", "C", [McpTask] async (RequestContext context) => (await context.ElicitAsync<Code>("code", "Which?")).Value?.Letters);
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("code");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);

        var refused = await caller.AnswerAsync(id, """{"code":{"action":"accept","content":{"letters":"12"}}}""");
        var open = await caller.GetAsync(id);
        await caller.AnswerAsync(id, """{"code":{"action":"accept","content":{"letters":"ab"}}}""");

        refused.Code().Should().Be(-32602);
        refused.Words().Should().Contain("'code'").And.Contain("/content/letters");
        open.Questions().Should().Equal("code");
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("ab");
    }

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\"a\"")]
    [TestCase("""{"a":null}""")]
    public async Task Answers_that_are_none_are_refused(string answers)
    {
        var server = new McpServer("asks", "1");
        server.AddTool("one", "O", [McpTask] (RequestContext context) => AskAsync(context, "a"));
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("one");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);

        (await caller.AnswerAsync(id, answers)).Code().Should().Be(-32602);
        (await caller.SendAsync("tasks/update", $"\"taskId\":\"{id}\"")).Code().Should().Be(-32602);
        (await caller.GetAsync(id)).Questions().Should().Equal("a");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Status")]
    public async Task A_task_works_waits_and_works_again_and_takes_no_other_way()
    {
        var seen = new List<McpTaskStatus>();
        var store = new HookedTaskStore
        {
            Replacing = task =>
            {
                lock (seen)
                    seen.Add(task.Status);
                return Task.FromResult(true);
            },
        };
        var server = new McpServer("asks", "1", new McpServerOptions { Tasks = new TaskOptions { Store = store } });
        server.AddTool("two", "T", [McpTask] async (RequestContext context) => $"{await AskAsync(context, "a")} {await AskAsync(context, "b")}");
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("two");

        await caller.UntilAsync(id, task => task.Questions.ContainsKey("a"));
        await caller.AnswerAsync(id, $$"""{"a":{{Ada}} }""");
        await caller.UntilAsync(id, task => task.Questions.ContainsKey("b"));
        await caller.AnswerAsync(id, $$"""{"b":{{Ada}} }""");
        await caller.UntilAsync(id, McpTaskStatus.Completed);

        seen.Should().Equal(
            McpTaskStatus.InputRequired, McpTaskStatus.Working, McpTaskStatus.Working,
            McpTaskStatus.InputRequired, McpTaskStatus.Working, McpTaskStatus.Working,
            McpTaskStatus.Completed);
    }

    [Test]
    [Spec("ext-tasks tasks §Task Update Requests", 2, 3, 4)]
    public async Task A_handler_that_asks_by_hand_runs_again_and_no_key_stands_for_two_questions()
    {
        var server = new McpServer("asks", "1");
        server.AddTool(
            new Tool { Name = "hand", InputSchema = JsonElement.Parse("""{"type":"object"}""") },
            (_, context, _) =>
            {
                var name = context.InputResponses.Elicited("name")?.Content?["name"].GetString();
                return new(name is { Length: > 3 }
                    ? ToolResults.Text($"{name} {context.RequestState}")
                    : new InputRequiredResult
                    {
                        InputRequests = new Dictionary<string, InputRequest> { ["name"] = InputRequests.Elicit($"A name; not {name ?? "none"}", Form) },
                        RequestState = $"{context.RequestState}.",
                    });
            },
            new ToolTasks());
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("hand");

        var first = (await caller.UntilAsync(id, McpTaskStatus.InputRequired)).Questions().Single();
        await AnswerAsync(first, "Ada");
        var second = (await caller.UntilAsync(id, task => task.Questions.Values.Any(question => !question.IsAnswered && IsOf(question, "Ada")))).Questions().Single();
        await AnswerAsync(first, "Barbara");
        var still = await caller.GetAsync(id);
        await AnswerAsync(second, "Bob");
        var third = (await caller.UntilAsync(id, task => task.Questions.Values.Any(question => !question.IsAnswered && IsOf(question, "Bob")))).Questions().Single();
        await AnswerAsync(third, "Grace");

        first.Should().Be("name");
        new[] { first, second, third }.Should().OnlyHaveUniqueItems();
        still.Questions().Should().Equal([second], "the answer was to a question that is closed");
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("Grace ...");

        Task AnswerAsync(string key, string name) =>
            caller.AnswerAsync(id, $$$"""{"{{{key}}}":{"action":"accept","content":{"name":"{{{name}}}"} } }""");

        static bool IsOf(TaskQuestion question, string name) => question.Request.Params!.Value.GetRawText().Contains($"not {name}", StringComparison.Ordinal);
    }

    [Test]
    public async Task A_page_that_has_to_be_visited_first_is_asked_for_as_often_as_it_takes()
    {
        var visits = 0;
        var server = new McpServer("asks", "1");
        server.AddTool("page", "P", [McpTask] () => ++visits < 3
            ? throw new UrlElicitationRequiredException("login", "Log in", new Uri("https://example.com/"))
            : "in");
        await using var caller = TaskCaller.OverHttp(server);
        await using var cannot = TaskCaller.OverHttp(server, capabilities: """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""");

        var id = await caller.StartAsync("page");
        var keys = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var open = await caller.UntilAsync(id, task => task.Status == McpTaskStatus.InputRequired && !task.Questions.Keys.Intersect(keys).Any());
            keys.AddRange(open.Questions());
            await caller.AnswerAsync(id, $$$"""{"{{{keys[^1]}}}":{"action":"accept"} }""");
        }

        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("in");
        keys.Should().OnlyHaveUniqueItems();

        visits = 0;
        var failed = await cannot.UntilAsync(await cannot.StartAsync("page"), task => task.IsEnded);
        failed.Status().Should().Be("failed");
        failed.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32021);
    }

    [Test]
    public async Task A_handler_that_waits_no_longer_goes_on_and_its_question_is_gone()
    {
        using var enough = new CancellationTokenSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource();
        var server = new McpServer("asks", "1");
        server.AddTool("impatient", "I", [McpTask] async (RequestContext context, CancellationToken cancellation) =>
        {
            try
            {
                await context.ElicitAsync("name", "Who?", Form, enough.Token);
                return "answered";
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                asked.SetResult();
                await go.Task;
                return $"gave up; {await AskAsync(context, "other")}";
            }
        });
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("impatient");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);

        await enough.CancelAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var after = await caller.GetAsync(id);
        var late = await caller.AnswerAsync(id, $$"""{"name":{{Ada}} }""");
        go.SetResult();
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);
        await caller.AnswerAsync(id, $$"""{"other":{{Ada}} }""");

        after.Status().Should().Be("working");
        late.TryGetProperty("result", out _).Should().BeTrue();
        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("gave up; Ada");
    }

    [Test]
    public async Task A_client_that_cannot_be_asked_is_not_asked_and_the_tool_hears_why()
    {
        var server = new McpServer("asks", "1");
        server.AddTool("ask", "A", [McpTask] (RequestContext context) => AskAsync(context, "a"));
        await using var caller = TaskCaller.OverHttp(server, capabilities: """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""");

        var failed = await caller.UntilAsync(await caller.StartAsync("ask"), task => task.IsEnded);

        failed.Status().Should().Be("failed");
        failed.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32021);
        failed.GetProperty("error").GetProperty("data").GetRawText().Should().Contain("elicitation");
    }

    [Test]
    public async Task A_user_who_declines_is_no_error()
    {
        var server = new McpServer("asks", "1");
        server.AddTool("ask", "A", [McpTask] async (RequestContext context) => (await context.ElicitAsync("a", "Who?", Form)).Action.ToString());
        await using var caller = TaskCaller.OverHttp(server);
        var id = await caller.StartAsync("ask");
        await caller.UntilAsync(id, McpTaskStatus.InputRequired);

        await caller.AnswerAsync(id, """{"a":{"action":"decline"}}""");

        (await caller.UntilAsync(id, McpTaskStatus.Completed)).Text().Should().Be("Decline");
    }

    private static async Task<string> AskAsync(RequestContext context, string key) =>
        (await context.ElicitAsync(key, "Who?", Form)).Content!["name"].GetString()!;

    private sealed record Person(string Name);

    private sealed record Code([property: RegularExpression("^[a-z]+$")] string Letters);
}
