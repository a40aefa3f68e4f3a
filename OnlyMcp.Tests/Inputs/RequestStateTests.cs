using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Inputs;

/// <summary>The state that a client keeps for a server which keeps none.</summary>
public sealed class RequestStateTests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    private static readonly ElicitSchema Form = new()
    {
        Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema() },
        Required = ["name"],
    };

    private int lastId;

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)", 9)]
    public async Task A_state_comes_back_to_any_server_that_shares_the_secrets()
    {
        var first = ServerWith(RequestStateKeys.FromSecrets(Secret));
        var asked = await AskedAsync(first);
        var grown = ServerWith(RequestStateKeys.FromSecrets(RandomNumberGenerator.GetBytes(32), Secret));

        var answer = await CallAsync(grown, state: asked, answers: Grace());

        Text(answer).Should().Be("ada: Grace");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)", 3, 4)]
    [Spec("2026-07-28 basic/patterns/mrtr §Security Considerations", 1)]
    [Spec("2026-07-28 client/elicitation §Statefulness", 1, 2, 3)]
    [Spec("2026-07-28 client/elicitation §Security Considerations", 1)]
    public async Task Whatever_is_wrong_with_a_state_the_refusal_is_the_same()
    {
        var time = new ManualTime();
        var server = ServerWith(RequestStateKeys.FromSecrets(Secret), time);
        var state = await AskedAsync(server);
        var of = new Dictionary<string, FakeHttpExchange>();

        foreach (var at in Enumerable.Range(0, state.Length))
            of[$"letter {at} changed"] = await CallAsync(server, state: Changed(state, at), answers: Grace());
        foreach (var length in Enumerable.Range(0, state.Length))
            of[$"cut to {length}"] = await CallAsync(server, state: state[..length], answers: Grace());
        of["longer"] = await CallAsync(server, state: state + "-TAMPERED", answers: Grace());
        of["spaced"] = await CallAsync(server, state: state + " ", answers: Grace());
        of["padded"] = await CallAsync(server, state: state + "==", answers: Grace());
        of["huge"] = await CallAsync(server, state: new string('A', 1_000_000), answers: Grace());
        of["no base64"] = await CallAsync(server, state: "§$%&", answers: Grace());
        of["somebody else"] = await CallAsync(server, state: state, answers: Grace(), user: "bob");
        of["nobody"] = await CallAsync(server, state: state, answers: Grace(), user: null);
        of["other arguments"] = await CallAsync(server, state: state, answers: Grace(), arguments: """{"account":"2"}""");
        of["more arguments"] = await CallAsync(server, state: state, answers: Grace(), arguments: """{"account":"1","force":true}""");
        of["another tool"] = await CallAsync(server, state: state, answers: Grace(), tool: "other");
        of["an unknown tool"] = await CallAsync(server, state: state, answers: Grace(), tool: "none");
        of["another server's key"] = await CallAsync(ServerWith(RequestStateKeys.FromSecrets(RandomNumberGenerator.GetBytes(32)), time), state: state, answers: Grace());
        of["another server of the same key"] = await CallAsync(ServerWith(RequestStateKeys.FromSecrets(Secret), time, "other"), state: state, answers: Grace());
        of["own keys"] = await CallAsync(ServerWith(null, time), state: state, answers: Grace());
        time.Advance(TimeSpan.FromMinutes(16));
        of["too late"] = await CallAsync(server, state: state, answers: Grace());

        of.Select(refused => $"{refused.Value.Status} {Without(refused.Value.Body)}").Distinct().Should().ContainSingle()
            .Which.Should().Contain($"\"code\":{ErrorCode.InvalidParams}").And.StartWith("200 ");
        of.Values.Select(refused => string.Join(",", refused.ResponseHeaders.Where(h => h.Key != "Content-Length"))).Distinct().Should().ContainSingle();
    }

    [Test]
    public async Task A_state_that_is_used_in_time_works_as_often_as_it_is_used()
    {
        var time = new ManualTime();
        var server = ServerWith(null, time);
        var state = await AskedAsync(server);
        time.Advance(TimeSpan.FromMinutes(14));

        Text(await CallAsync(server, state: state, answers: Grace())).Should().Be("ada: Grace");
        Text(await CallAsync(server, state: state, answers: Grace())).Should().Be("ada: Grace");
    }

    [Test]
    public async Task The_order_of_arguments_does_not_matter()
    {
        var server = ServerWith(null);
        var state = await AskedAsync(server, """{"account":"1","note":"x"}""");

        Text(await CallAsync(server, state: state, answers: Grace(), arguments: """{ "note": "x", "account": "1" }""")).Should().Be("ada: Grace");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Error Handling")]
    [Spec("2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)", 9)]
    public async Task What_is_missing_is_asked_for_again_and_what_is_too_much_is_ignored()
    {
        var server = ServerWith(null);
        var state = await AskedAsync(server);

        foreach (var answers in new[] { "{}", """{"other":{"action":"accept"}}""", null })
        {
            var again = await CallAsync(server, state: state, answers: answers);
            Result(again).GetProperty("inputRequests").GetProperty("name").GetProperty("method").GetString().Should().Be("elicitation/create");
        }

        Text(await CallAsync(server, state: state, answers: """{"name":{"action":"accept","content":{"name":"Grace"}},"more":12}""")).Should().Be("ada: Grace");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Error Handling")]
    [Spec("2026-07-28 client/elicitation §Form Mode Security")]
    public async Task An_answer_that_does_not_fit_is_an_error_that_says_where()
    {
        var server = ServerWith(null);
        var state = await AskedAsync(server);

        foreach (var (answer, words) in new[]
        {
            ("12345", "expected an object, received 12345"),
            ("null", "expected an object, received null"),
            ("\"yes\"", "expected an object, received a string"),
            ("""{"action":"perhaps"}""", "action"),
            ("""{"action":"accept"}""", "/content"),
            ("""{"action":"accept","content":{"name":7}}""", "/content/name: expected a string, received 7"),
        })
        {
            var refused = await CallAsync(server, state: state, answers: $$"""{"name":{{answer}}}""");
            var error = JsonElement.Parse(refused.Body).GetProperty("error");
            error.GetProperty("code").GetInt32().Should().Be(ErrorCode.InvalidParams);
            error.GetProperty("message").GetString().Should().Contain("'name'").And.Contain(words);
        }
    }

    [Test]
    public async Task Answers_of_a_client_that_was_not_asked_do_not_count()
    {
        var server = ServerWith(null);

        var asked = await CallAsync(server, answers: Grace());

        Result(asked).GetProperty("resultType").GetString().Should().Be("input_required");
    }

    [Test]
    [Spec("2026-07-28 client/elicitation §Security Considerations")]
    public async Task An_answer_counts_for_the_question_that_it_was_given_to()
    {
        var price = 10;
        var server = new McpServer("shop", "1.0.0");
        server.AddTool("buy", "Buys", async (RequestContext context) =>
        {
            var asked = price;
            var sure = await context.ElicitAsync("sure", $"Pay {asked}?", Form);
            return $"paid {asked} by {sure.Content!["name"]}";
        });
        var first = await CallAsync(server, "buy", arguments: "{}");
        price = 1000;

        var second = await CallAsync(server, "buy", StateOf(first), Grace("sure"), "{}");
        var third = await CallAsync(server, "buy", StateOf(second), Grace("sure"), "{}");

        Result(second).GetProperty("inputRequests").GetProperty("sure").GetProperty("params").GetProperty("message").GetString().Should().Be("Pay 1000?");
        Text(third).Should().Be("paid 1000 by Grace");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Supported Requests", 1)]
    public async Task Other_requests_cannot_ask()
    {
        var server = new McpServer("custom", "1.0.0");
        Exception? told = null;
        server.AddMethod("com.example/ask", async (request, context, cancellation) =>
        {
            try
            {
                await context.ListRootsAsync(cancellationToken: cancellation);
            }
            catch (InvalidOperationException fault)
            {
                told = fault;
            }

            return new EmptyResult();
        });
        server.AddMethod("com.example/by-hand", (_, _, _) => new(new InputRequiredResult { RequestState = "x" }));

        Result(await PostAsync(server, "com.example/ask", "")).GetProperty("resultType").GetString().Should().Be("complete");
        told!.Message.Should().Contain("'com.example/ask' cannot ask");
        (await PostAsync(server, "com.example/by-hand", "")).Body.Should().Contain("-32603");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)", 2, 6)]
    [Spec("2026-07-28 basic/transports/streamable-http §Receiving Messages", 2)]
    public async Task By_hand_nothing_is_asked_that_cannot_be_asked()
    {
        var server = new McpServer("by hand", "1.0.0", new McpServerOptions { IncludeExceptionMessages = true });
        server.AddTool("nothing", "Asks nothing", Result () => new InputRequiredResult());
        server.AddTool("none", "Asks nothing", Result () => new InputRequiredResult { InputRequests = new Dictionary<string, InputRequest>() });
        server.AddTool("ping", "Asks for a ping", Result () => Asking(new InputRequest { Method = "ping" }));
        server.AddTool("half", "Asks half", Result () => Asking(new InputRequest { Method = "elicitation/create", Params = JsonElement.Parse("{}") }));
        server.AddTool("later", "Has the client come back", Result (RequestContext context) =>
            context.RequestState == "been here" ? ToolResults.Text("done") : new InputRequiredResult { RequestState = "been here" });

        (await CallAsync(server, "nothing", arguments: "{}")).Body.Should().Contain("has input requests, a request state, or both");
        (await CallAsync(server, "none", arguments: "{}")).Body.Should().Contain("has input requests, a request state, or both");
        (await CallAsync(server, "ping", arguments: "{}")).Body.Should().Contain("cannot be asked for 'ping'");
        (await CallAsync(server, "half", arguments: "{}")).Body.Should().Contain("'elicitation/create' do not fit");
        var later = await CallAsync(server, "later", arguments: "{}");
        JsonElement.Parse(later.Body).TryGetProperty("method", out _).Should().BeFalse("the body is the answer alone");
        Result(later).TryGetProperty("inputRequests", out _).Should().BeFalse();
        Text(await CallAsync(server, "later", StateOf(later), arguments: "{}")).Should().Be("done");

        static InputRequiredResult Asking(InputRequest question) => new() { InputRequests = new Dictionary<string, InputRequest> { ["a"] = question } };
    }

    [Test]
    public async Task Rounds_keys_and_the_size_of_the_state_are_bounded()
    {
        var server = new McpServer("endless", "1.0.0", new McpServerOptions
        {
            Limits = new ServerLimits { MaxInputRounds = 3, MaxInputs = 5, MaxRequestStateLength = 2000 },
            IncludeExceptionMessages = true,
        });
        server.AddTool("endless", "Never has enough", Result (RequestContext context) => new InputRequiredResult
        {
            InputRequests = new Dictionary<string, InputRequest> { ["name"] = InputRequests.Elicit("Again?", Form) },
        });
        server.AddTool("many", "Asks for much", async (RequestContext context) =>
        {
            foreach (var i in Enumerable.Range(0, 6))
                await context.OnceAsync($"{i}", _ => Task.FromResult(i));
        });
        server.AddTool("large", "Keeps much", async (RequestContext context) =>
        {
            await context.OnceAsync("large", _ => Task.FromResult(new string('x', 2000)));
            await context.ElicitAsync("name", "Name?", Form);
        });

        var rounds = new List<FakeHttpExchange> { await CallAsync(server, "endless", arguments: "{}") };
        while (rounds[^1].Body.Contains("requestState", StringComparison.Ordinal))
            rounds.Add(await CallAsync(server, "endless", StateOf(rounds[^1]), Grace(), "{}"));

        rounds.Should().HaveCount(4);
        rounds[^1].Body.Should().Contain("-32603").And.Contain("3 times");
        (await CallAsync(server, "many", arguments: "{}")).Body.Should().Contain("at most 5 keys");
        (await CallAsync(server, "large", arguments: "{}")).Body.Should().Contain("-32603").And.Contain("2000 are allowed");
    }

    [Test]
    public async Task Two_clients_at_once_have_each_their_own_questions_and_answers()
    {
        var server = ServerWith(null);
        var names = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var user = $"user {i}";
            var asked = await CallAsync(server, user: user);
            return Text(await CallAsync(server, state: StateOf(asked), answers: $$"""{"name":{"action":"accept","content":{"name":"name {{i}}"} } }""", user: user));
        }));

        names.Should().Equal(Enumerable.Range(0, 50).Select(i => $"user {i}: name {i}"));
    }

    [Test]
    public void Keys_are_held_to_their_rules()
    {
        FluentActions.Invoking(() => RequestStateKeys.FromSecrets(new byte[31])).Should().Throw<ArgumentException>().WithMessage("*32 bytes*");
        FluentActions.Invoking(() => RequestStateKeys.FromSecrets()).Should().Throw<ArgumentException>();
        new RequestStateKey("name", Secret).ToString().Should().Be("name");
    }

    [Test]
    public void Keys_of_a_process_are_changed_and_open_for_as_long_again()
    {
        var time = new ManualTime();
        var keys = RequestStateKeys.InProcess(TimeSpan.FromDays(1), time);
        var first = keys.Current;
        time.Advance(TimeSpan.FromHours(25));
        var second = keys.Current;

        second.Id.Should().NotBe(first.Id);
        keys.Find(first.Id).Should().BeSameAs(first);
        time.Advance(TimeSpan.FromHours(25));
        keys.Find(second.Id).Should().BeSameAs(second);
        keys.Find(first.Id).Should().BeNull();
        time.Advance(TimeSpan.FromDays(30));
        keys.Find(keys.Current.Id).Should().BeSameAs(keys.Current);
        keys.Find(second.Id).Should().BeNull();
    }

    private static McpServer ServerWith(IRequestStateKeys? keys, TimeProvider? time = null, string name = "asks")
    {
        var server = new McpServer(name, "1.0.0", new McpServerOptions { RequestStateKeys = keys, TimeProvider = time ?? TimeProvider.System });
        foreach (var tool in new[] { "ask", "other" })
        {
            server.AddTool(tool, "Asks", async (RequestContext context, string account, bool force = false, string note = "") =>
                $"{context.Principal?.FindFirst("sub")?.Value}: {(await context.ElicitAsync("name", "Name?", Form)).Content?["name"]}");
        }

        return server;
    }

    private static string Grace(string key = "name") => $$"""{"{{key}}":{"action":"accept","content":{"name":"Grace"} } }""";

    private static string Changed(string state, int at)
    {
        var letters = state.ToCharArray();
        letters[at] = letters[at] == 'A' ? 'B' : 'A';
        return new string(letters);
    }

    private async Task<string> AskedAsync(McpServer server, string arguments = """{"account":"1"}""") =>
        StateOf(await CallAsync(server, arguments: arguments));

    private Task<FakeHttpExchange> CallAsync(
        McpServer server,
        string tool = "ask",
        string? state = null,
        string? answers = null,
        string arguments = """{"account":"1"}""",
        string? user = "ada")
    {
        var more = state is null ? "" : $"\"requestState\":{JsonSerializer.Serialize(state)},";
        more += answers is null ? "" : $"\"inputResponses\":{answers},";
        return PostAsync(server, "tools/call", $$""" "name":"{{tool}}","arguments":{{arguments}},{{more}} """, tool, user);
    }

    private async Task<FakeHttpExchange> PostAsync(McpServer server, string method, string parameters, string? name = null, string? user = null)
    {
        var body = $$$$"""
            {"jsonrpc":"2.0","id":{{{{++lastId}}}},"method":"{{{{method}}}}","params":{ {{{{parameters}}}}
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{{{AskedClient.Everything}}}} } } }
            """;
        var http = new FakeHttpExchange("POST", "/mcp", body) { User = user is null ? null : new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "test")) }
            .With("MCP-Protocol-Version", "2026-07-28").With("Mcp-Method", method).With("Mcp-Name", name);
        await using var handler = new McpHttpHandler(server);
        await handler.HandleAsync(http);
        return http;
    }

    private static JsonElement Result(FakeHttpExchange http) => JsonElement.Parse(http.Body).TryGetProperty("result", out var result)
        ? result
        : throw new InvalidOperationException(http.Body);

    private static string StateOf(FakeHttpExchange http) => Result(http).GetProperty("requestState").GetString()!;

    private static string Text(FakeHttpExchange http) => Result(http).GetProperty("content")[0].GetProperty("text").GetString()!;

    private static string Without(string body) => System.Text.RegularExpressions.Regex.Replace(body, "\"id\":\\d+", "");
}
