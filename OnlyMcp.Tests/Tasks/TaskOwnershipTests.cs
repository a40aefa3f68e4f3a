using System.Text.RegularExpressions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Whose tasks are whose, and what others learn of them: nothing.</summary>
[Spec("ext-tasks tasks §Security Considerations")]
public sealed partial class TaskOwnershipTests
{
    [TestCase("bob")]
    [TestCase(null)]
    [Spec("ext-tasks tasks §Security Considerations", 2)]
    public async Task Another_ones_task_is_answered_like_one_that_never_was(string? other)
    {
        var server = Server();
        await using var ann = TaskCaller.OverHttp(server, "ann");
        await using var stranger = TaskCaller.OverHttp(server, other);
        var hers = await ann.StartAsync("ask");
        var before = await ann.UntilAsync(hers, McpTaskStatus.InputRequired);
        var unknown = new string('0', 32);

        foreach (var send in new Func<TaskCaller, string, Task>[]
        {
            (caller, id) => caller.SendAsync("tasks/get", $"\"taskId\":\"{id}\""),
            (caller, id) => caller.AnswerAsync(id, """{"roots":{"roots":[]}}"""),
            (caller, id) => caller.AnswerAsync(id, """{"roots":"unfit"}"""),
            (caller, id) => caller.CancelAsync(id),
        })
        {
            await send(stranger, hers);
            var foreign = Everything(stranger.Last!, hers);
            await send(stranger, unknown);
            foreign.Should().Be(Everything(stranger.Last!, unknown)).And.Contain("-32602");
        }

        (await GrantedAsync(server, other, hers)).Should().Be(await GrantedAsync(server, other, unknown)).And.Be("""{"taskIds":[]}""");
        (await GrantedAsync(server, "ann", hers)).Should().Contain(hers);
        (await ann.GetAsync(hers)).GetRawText().Should().Be(before.GetRawText(), "nobody has touched it");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Audit and Logging")]
    public async Task What_begins_and_ends_is_logged_with_whose_it_is()
    {
        var log = new RecordedLog();
        var server = new McpServer("s", "1", new McpServerOptions { LoggerFactory = log });
        server.AddTool("wait", "W", [McpTask] (CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        await using var ann = TaskCaller.OverHttp(server, "ann");
        await using var anybody = TaskCaller.OverHttp(server);

        await ann.CancelAsync(await ann.StartAsync("wait"));
        await anybody.StartAsync("wait");

        log.Lines.Should().Contain(line => line.Contains("has begun, for principal ") && !line.Contains("ann"))
            .And.Contain(line => line.Contains("has ended: Cancelled; it is of principal "))
            .And.Contain(line => line.Contains("has begun, for whoever knows it"));
    }

    [Test]
    public async Task A_principal_has_its_tasks_with_whatever_token_and_an_anonymous_task_belongs_to_who_knows_it()
    {
        var server = Server();
        await using var ann = TaskCaller.OverHttp(server, "ann");
        await using var annAgain = TaskCaller.OverHttp(server, "ann");
        await using var nobody = TaskCaller.OverHttp(server);
        await using var nobodyElse = TaskCaller.OverHttp(server);
        var hers = await ann.StartAsync("ask");
        var nobodys = await nobody.StartAsync("ask");

        (await annAgain.GetAsync(hers)).Status().Should().BeOneOf("working", "input_required");
        (await nobodyElse.GetAsync(nobodys)).Status().Should().BeOneOf("working", "input_required");
        (await annAgain.SendAsync("tasks/get", $"\"taskId\":\"{nobodys}\"")).Code().Should().Be(-32602);
    }

    [Test]
    public async Task Over_a_pipe_nobody_sees_what_was_begun_over_HTTP_and_the_other_way_round()
    {
        var server = Server();
        await using var http = TaskCaller.OverHttp(server);
        await using var pipe = await TaskCaller.OverPipeAsync(server);
        var (one, other) = (await http.StartAsync("ask"), await pipe.StartAsync("ask"));

        (await pipe.SendAsync("tasks/get", $"\"taskId\":\"{one}\"")).Code().Should().Be(-32602);
        (await http.SendAsync("tasks/get", $"\"taskId\":\"{other}\"")).Code().Should().Be(-32602);
        (await pipe.GetAsync(other)).Status().Should().BeOneOf("working", "input_required");
    }

    [Test]
    public async Task An_id_is_as_long_as_it_may_be_in_words_about_it()
    {
        await using var caller = TaskCaller.OverHttp(Server());

        var words = (await caller.SendAsync("tasks/get", $"\"taskId\":\"{new string('x', 5000)}\"")).Words()!;

        words.Length.Should().BeLessThan(300);
        (await caller.SendAsync("tasks/get", "\"taskId\":7")).Code().Should().BeOneOf(-32602, -32020);
        (await caller.SendAsync("tasks/get", "\"taskId\":\"\"")).Code().Should().BeOneOf(-32602, -32020);
    }

    [Test]
    [Spec("ext-tasks tasks §Security Considerations", 1)]
    public async Task Ids_have_128_bits_none_of_which_says_anything()
    {
        var server = new McpServer("s", "1", new McpServerOptions { Tasks = new TaskOptions { MaxRunning = 2000, MaxRunningPerCaller = 2000 } });
        server.AddTool("quick", "Q", [McpTask] () => "done");
        await using var caller = TaskCaller.OverHttp(server);
        var ids = new List<string>();
        for (var i = 0; i < 2000; i++)
            ids.Add(await caller.StartAsync("quick"));

        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(id => Hex().IsMatch(id));
        var bits = ids.Select(id => UInt128.Parse(id, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        for (var bit = 0; bit < 128; bit++)
            bits.Count(id => (id >> bit & 1) == 1).Should().BeInRange(700, 1300, "bit {0} is a coin that falls either way", bit);
        ids.Zip(ids.Skip(1)).Count(pair => string.CompareOrdinal(pair.First, pair.Second) < 0).Should().BeInRange(800, 1200, "there is no order in them");
    }

    private static McpServer Server()
    {
        var server = new McpServer("s", "1");
        server.AddTool("ask", "A", [McpTask] (RequestContext context, CancellationToken cancellation) => context.ListRootsAsync(cancellationToken: cancellation));
        return server;
    }

    private static string Everything(FakeHttpExchange http, string id) =>
        $"{http.Status} {string.Join(' ', http.ResponseHeaders.OrderBy(header => header.Key))} {http.Body}".Replace(id, "ID", StringComparison.Ordinal);

    private static async Task<string> GrantedAsync(McpServer server, string? user, string id)
    {
        await using var handler = new McpHttpHandler(server);
        var listen = TaskCaller.Post("subscriptions/listen", $$"""
            "notifications":{"taskIds":["{{id}}"]}
            """, user);
        var served = handler.HandleAsync(listen).AsTask();
        var granted = (await listen.NextMessageAsync()).Granted();
        await handler.StopAsync();
        await served;
        return granted;
    }

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex Hex();
}
