using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace OnlyMcp.Tests.Inputs;

/// <summary>One handler that asks, in every revision that has a way to ask, waiting in place and running again.</summary>
[TestFixtureSource(nameof(Cases))]
public sealed class AskingTests(Revision revision, bool replays)
{
    private static readonly ElicitSchema NameForm = new()
    {
        Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema { MinLength = 2 } },
        Required = ["name"],
    };

    private static IEnumerable<TestFixtureData> Cases => KnownRevisions.All.Where(revision => revision.HasElicitation)
        .SelectMany(revision => new[] { false, true }, (revision, replays) => new TestFixtureData(revision, replays)
            .SetArgDisplayNames(revision.Version, replays ? "replayed" : "as it comes"));

    private bool RunsAgain => replays || revision.Era == Era.Modern;

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr", 1)]
    [Spec("2026-07-28 client/elicitation §Elicitation Requests", 1)]
    [Spec("2026-07-28 client/elicitation §Form Mode Elicitation Requests", 1)]
    [Spec("2026-07-28 client/elicitation §Error Handling", 1)]
    [Spec("2025-11-25 client/elicitation §Form Mode Elicitation Requests")]
    [Spec("2026-07-28 basic/patterns/mrtr", 1)]
    [Spec("2026-07-28 basic/patterns", 1)]
    [Spec("2026-07-28 basic/transports/stdio §Receiving Messages", 2)]
    [Spec("2026-07-28 client/elicitation §Error Handling", 1)]
    public async Task What_a_user_fills_in_reaches_the_tool()
    {
        var server = ServerWith("greet", async (RequestContext context, CancellationToken cancellation) =>
        {
            var who = await context.ElicitAsync("who", "Who are you?", NameForm, cancellation);
            return $"{who.Action}: {who.Content?["name"]}";
        });
        await using var client = await AskedClient.ConnectAsync(server, revision);

        (await client.TextAsync("greet", question =>
        {
            question.GetProperty("params").GetProperty("message").GetString().Should().Be("Who are you?");
            question.GetProperty("params").GetProperty("requestedSchema").GetProperty("type").GetString().Should().Be("object");
            return Accepted("""{"name":"Ada"}""");
        })).Should().Be("Accept: Ada");
        (await client.TextAsync("greet", _ => """{"action":"decline"}""")).Should().Be("Decline: ");
        (await client.TextAsync("greet", _ => """{"action":"cancel"}""")).Should().Be("Cancel: ");
    }

    [Test]
    [Spec("2026-07-28 client/elicitation §Requested Schema")]
    [Spec("2026-07-28 client/elicitation §Form Mode Elicitation Requests", 1)]
    [Spec("2026-07-28 client/elicitation §Elicitation Requests", 1)]
    public async Task A_form_is_made_of_a_type_and_read_back_as_one()
    {
        JsonElement schema = default;
        var server = ServerWith("order", async (RequestContext context) =>
        {
            var order = await context.ElicitAsync<Order>("order", "What do you want?");
            return order.IsAccepted ? $"{order.Value.Count} {order.Value.Dish} on {order.Value.Day:yyyy-MM-dd}, spicy {order.Value.Spicy}" : "nothing";
        });
        await using var client = await AskedClient.ConnectAsync(server, revision);

        var text = await client.TextAsync("order", question =>
        {
            question.GetProperty("params").GetProperty("message").GetString().Should().Be("What do you want?");
            schema = question.GetProperty("params").GetProperty("requestedSchema").Clone();
            return Accepted("""{"dish":"Soup","count":2,"day":"2026-12-24"}""");
        });

        text.Should().Be("2 Soup on 2026-12-24, spicy True");
        schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).Should().Equal("dish", "count", "day");
        schema.GetProperty("properties").GetProperty("count").GetRawText()
            .Should().Be("""{"title":"How many","description":"Portions","type":"integer","minimum":1,"maximum":9}""");
    }

    [Test]
    [Spec("2026-07-28 client/sampling §Creating Messages")]
    [Spec("2025-11-25 client/sampling §Creating Messages")]
    public async Task A_model_and_the_folders_of_the_client_can_be_asked_for_too()
    {
        var server = ServerWith("ask", async (RequestContext context) =>
        {
            var said = await context.SampleAsync("poem", "A poem, please", maxTokens: 50);
            var roots = await context.ListRootsAsync();
            return $"{((TextContent)said.Content[0]).Text} ({said.Model}) {roots[0].Uri}";
        });
        await using var client = await AskedClient.ConnectAsync(server, revision);

        (await client.TextAsync("ask", Answer)).Should().Be("Roses are red (m1) file:///home");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)")]
    public async Task Questions_of_several_tasks_are_asked_at_once()
    {
        var runs = 0;
        var server = ServerWith("both", async (RequestContext context) =>
        {
            Interlocked.Increment(ref runs);
            var names = await Task.WhenAll(
                context.ElicitAsync("first", "First?", NameForm), context.ElicitAsync("second", "Second?", NameForm));
            return string.Join(" and ", names.Select(name => name.Content!["name"]));
        });
        await using var client = await AskedClient.ConnectAsync(server, revision);

        var text = await client.TextAsync("both", question =>
            Accepted(question.GetProperty("params").GetProperty("message").GetString() == "First?" ? """{"name":"Ada"}""" : """{"name":"Bob"}"""));

        text.Should().Be("Ada and Bob");
        runs.Should().Be(RunsAgain ? 2 : 1, "both questions go out together");
    }

    [Test]
    public async Task A_loop_asks_as_often_as_it_likes_under_keys_of_their_own_and_what_runs_once_does()
    {
        var (runs, charged) = (0, 0);
        var server = ServerWith("loop", async (RequestContext context) =>
        {
            Interlocked.Increment(ref runs);
            var names = new List<string>();
            for (var i = 0; i < 3; i++)
            {
                var name = await context.OnceAsync($"paid {i}", async cancellation =>
                {
                    // A question inside: the whole is done when it is answered.
                    var who = await context.ElicitAsync($"name {i}", $"Number {i}?", NameForm, cancellation);
                    Interlocked.Increment(ref charged);
                    return who.Content!["name"].GetString()!;
                });
                names.Add(name);
            }

            return string.Join(",", names);
        });
        await using var client = await AskedClient.ConnectAsync(server, revision);

        var text = await client.TextAsync("loop", question => Accepted($$"""{"name":"{{question.GetProperty("params").GetProperty("message")}}"}"""));

        text.Should().Be("Number 0?,Number 1?,Number 2?");
        charged.Should().Be(3, "a run that follows does not repeat what is done");
        runs.Should().Be(RunsAgain ? 4 : 1);
    }

    [Test]
    public async Task The_question_wins_whatever_the_tool_does_with_the_exception()
    {
        var server = ServerWith("stubborn", async (RequestContext context) =>
        {
            try
            {
                return (await context.ElicitAsync("who", "Who?", NameForm)).Content!["name"].GetString()!;
            }
            catch (Exception)
            {
                return "nobody, as I did not wait";
            }
        });
        await using var client = await AskedClient.ConnectAsync(server, revision);

        (await client.TextAsync("stubborn", _ => Accepted("""{"name":"Ada"}"""))).Should().Be("Ada");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §InputRequiredResult")]
    [Spec("2026-07-28 basic §Statelessness", 2)]
    public async Task A_tool_may_ask_by_hand_and_keep_a_state_of_its_own()
    {
        var states = new ConcurrentQueue<string?>();
        var server = new McpServer("by hand", "1.0.0", new McpServerOptions { ReplayHandlers = replays });
        server.AddTool("two_steps", "Asks twice", Result (RequestContext context) =>
        {
            states.Enqueue(context.RequestState);
            var first = context.InputResponses.Elicited("step1");
            if (first is null)
                return Asking("step1", InputRequests.Elicit("First?", NameForm), "one");
            return context.InputResponses.Elicited("step2") is { } second
                ? ToolResults.Text($"{first.Content!["name"]} {second.Content!["name"]}")
                : Asking("step2", InputRequests.Elicit("Second?", NameForm), "two");
        });
        await using var client = await AskedClient.ConnectAsync(server, revision);

        var text = await client.TextAsync("two_steps", question =>
            Accepted($$"""{"name":"{{question.GetProperty("params").GetProperty("message")}}"}"""));

        text.Should().Be("First? Second?");
        states.Should().Equal(null, "one", "two");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)", 7, 8)]
    [Spec("2026-07-28 client/elicitation §Capabilities", 3)]
    [Spec("2026-07-28 client/sampling §Tools in Sampling", 2)]
    [Spec("2026-07-28 basic §_meta", 8, 9)]
    public async Task Nothing_is_asked_that_the_client_did_not_declare()
    {
        var server = new McpServer("asks", "1.0.0", new McpServerOptions { ReplayHandlers = replays });
        server.AddTool("form", "Asks", async (RequestContext context) => (await context.ElicitAsync("a", "A?", NameForm)).Action);
        server.AddTool("page", "Asks", async (RequestContext context) => (await context.ElicitUrlAsync("a", "A?", new Uri("https://a.example/"))).ToString());
        server.AddTool("model", "Asks", async (RequestContext context) => (await context.SampleAsync("a", "A?")).Model);
        server.AddTool("tools", "Asks", async (RequestContext context) => (await context.SampleAsync("a", new CreateMessageRequestParams
        {
            Messages = [],
            MaxTokens = 1,
            Tools = [],
        })).Model);
        server.AddTool("roots", "Asks", async (RequestContext context) => (await context.ListRootsAsync()).Count);
        server.AddTool("hand", "Asks", Result () => Asking("a", InputRequests.ListRoots(), null));

        foreach (var (capabilities, tools) in new[]
        {
            ("{}", new[] { "form", "page", "model", "tools", "roots", "hand" }),
            ("""{"sampling":{}}""", ["form", "page", "tools", "roots"]),
            ("""{"elicitation":{}}""", ["page", "model"]),
        })
        {
            await using var client = await AskedClient.ConnectAsync(server, revision, capabilities);
            foreach (var tool in tools)
            {
                var response = await client.AskedAsync(tool, _ => throw new InvalidOperationException($"{tool} asked"));
                response.GetProperty("error").GetProperty("code").GetInt32().Should().Be(ErrorCode.MissingRequiredClientCapability, tool);
                response.GetProperty("error").GetProperty("data").GetProperty("requiredCapabilities").EnumerateObject().Should().NotBeEmpty();
            }
        }
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)", 1)]
    public async Task One_key_for_two_questions_is_told_to_the_author()
    {
        var server = new McpServer("muddled", "1.0.0", new McpServerOptions { ReplayHandlers = replays, IncludeExceptionMessages = true });
        server.AddTool("muddle", "Asks", async (RequestContext context) =>
        {
            var first = context.ElicitAsync("name", "First?", NameForm);
            await Task.WhenAll(context.ElicitAsync("name", "Second?", NameForm), first);
        });
        server.AddTool("insist", "Asks until it likes the answer", async (RequestContext context) =>
        {
            while ((await context.ElicitAsync("sure", "Sure?", NameForm)).Action == ElicitAction.Accept)
            {
            }
        });
        await using var client = await AskedClient.ConnectAsync(server, revision);

        (await client.TextAsync("insist", _ => Accepted("""{"name":"Ada"}"""))).Should().Contain("'sure' was asked for").And.Contain("another key");
        (await client.TextAsync("muddle", _ => Accepted("""{"name":"Ada"}"""))).Should().Contain("'name' stands for something else");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Supported Requests")]
    [Spec("2026-07-28 server/prompts §Getting a Prompt")]
    [Spec("2026-07-28 server/resources §Reading Resources")]
    public async Task Prompts_and_resources_ask_as_tools_do()
    {
        var server = new McpServer("asks", "1.0.0", new McpServerOptions { ReplayHandlers = replays });
        server.AddPrompt("letter", "A letter", async (RequestContext context) =>
        {
            try
            {
                return $"Write to {(await context.ElicitAsync("to", "To whom?", NameForm)).Content!["name"]}";
            }
            catch (OperationCanceledException)
            {
                return "Write to nobody";
            }
        });
        server.AddResource("test://diary", "diary", async (RequestContext context) =>
            $"The diary of {(await context.ElicitAsync("of", "Whose?", NameForm)).Content!["name"]}");
        await using var client = await AskedClient.ConnectAsync(server, revision);

        (await client.AskedAsync("prompts/get", "\"name\":\"letter\"", _ => Accepted("""{"name":"Ada"}""")))
            .GetProperty("result").GetProperty("messages")[0].GetProperty("content").GetProperty("text").GetString().Should().Be("Write to Ada");
        (await client.AskedAsync("resources/read", "\"uri\":\"test://diary\"", _ => Accepted("""{"name":"Bob"}""")))
            .GetProperty("result").GetProperty("contents")[0].GetProperty("text").GetString().Should().Be("The diary of Bob");
    }

    private McpServer ServerWith(string name, Delegate tool)
    {
        var server = new McpServer("asks", "1.0.0", new McpServerOptions { ReplayHandlers = replays });
        server.AddTool(name, "Asks", tool);
        return server;
    }

    private static InputRequiredResult Asking(string key, InputRequest question, string? state) =>
        new() { InputRequests = new Dictionary<string, InputRequest> { [key] = question }, RequestState = state };

    private static string Accepted(string content) => $$"""{"action":"accept","content":{{content}}}""";

    private static string Answer(JsonElement question) => question.GetProperty("method").GetString() switch
    {
        "sampling/createMessage" => """{"role":"assistant","content":{"type":"text","text":"Roses are red"},"model":"m1"}""",
        "roots/list" => """{"roots":[{"uri":"file:///home"}]}""",
        _ => Accepted("{}"),
    };

    private sealed record Order(
        string Dish,
        [property: Range(1, 9), Display(Name = "How many"), Description("Portions")] int Count,
        DateOnly Day,
        bool Spicy = true,
        string? Wishes = null);
}
