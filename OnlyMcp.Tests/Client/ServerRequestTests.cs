using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>What legacy servers ask their client.</summary>
public sealed class ServerRequestTests
{
    private const string Form = """{"message":"Who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string","minLength":2,"default":"nobody"},"age":{"type":"integer","minimum":0},"mail":{"type":"string","format":"email"}},"required":["name"]}}""";

    private static readonly CreateMessageResult Paris =
        new() { Role = Role.Assistant, Content = [new TextContent { Text = "Paris" }], Model = "m", StopReason = StopReasons.EndTurn };

    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 client/elicitation §Form Mode Elicitation Requests")]
    [Spec("2025-11-25 client/elicitation §Response Actions")]
    [Spec("2026-07-28 client/elicitation §Elicitation Requests", 2)]
    public async Task A_form_is_handed_to_the_user_with_the_name_of_the_server(string version)
    {
        InputContext? context = null;
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Eliciting((form, asker) =>
        {
            context = asker;
            form.RequestedSchema.Properties.Should().ContainKeys("name", "age");
            return ElicitAnswer.Accept(new JsonObject { ["name"] = form.Message, ["age"] = 7 });
        }), version);

        var answer = await AskAsync(pipe, "elicitation/create", Form);

        answer.GetProperty("result").GetRawText().Should().Be("""{"action":"accept","content":{"name":"Who?","age":7}}""");
        (context!.Server, context.ServerInfo!.Name, context.Method).Should().Be(("the server behind the pipe", "old", null));
    }

    [Test]
    [Spec("2025-11-25 client/elicitation §Requested Schema")]
    public async Task A_field_that_is_missing_has_its_default_and_one_that_is_null_was_left_empty()
    {
        (await ElicitAsync(ElicitAnswer.Accept())).GetProperty("result").GetRawText().Should().Be("""{"action":"accept","content":{"name":"nobody"}}""");
        (await ElicitAsync(ElicitAnswer.Accept(new JsonObject { ["name"] = null }))).GetProperty("error").GetProperty("code").GetInt32()
            .Should().Be(ErrorCode.InternalError, "the form needs a name");
    }

    [Test]
    [Spec("2025-11-25 client/elicitation §Response Actions")]
    [Spec("2025-11-25 client/elicitation §User Interaction Model", 4)]
    public async Task Who_declines_or_turns_away_sends_nothing_along()
    {
        var content = new Dictionary<string, JsonElement> { ["name"] = JsonElement.Parse("\"me\"") };
        (await ElicitAsync(ElicitAnswer.Decline with { Content = content })).GetProperty("result").GetRawText().Should().Be("""{"action":"decline"}""");
        (await ElicitAsync(ElicitAnswer.Cancel with { Content = content })).GetProperty("result").GetRawText().Should().Be("""{"action":"cancel"}""");
    }

    [TestCase("""{"name":"x"}""")]
    [TestCase("""{"name":"me","age":-1}""")]
    [TestCase("""{"name":"me","age":1.5}""")]
    [TestCase("""{"name":"me","mail":"nowhere"}""")]
    [TestCase("""{"name":"me","secret":"not asked for"}""")]
    [Spec("2025-11-25 client/elicitation §Form Mode Security")]
    public async Task What_breaks_the_form_is_not_sent(string content)
    {
        var answer = await ElicitAsync(ElicitAnswer.Accept(JsonNode.Parse(content)!.AsObject()));

        answer.GetProperty("error").GetRawText().Should().Be("""{"code":-32603,"message":"Internal error."}""");
    }

    [TestCase("""{"message":"x","requestedSchema":{"type":"object","properties":{"a":{"type":"object"}}}}""")]
    [TestCase("""{"message":"x","requestedSchema":{"type":"array"}}""")]
    [TestCase("""{"message":"x","requestedSchema":{"type":"object","properties":{"a":{"type":"string","pattern":"("}}}}""")]
    [TestCase("""{"requestedSchema":{"type":"object","properties":{}}}""")]
    [TestCase("""{"mode":"telepathy","message":"x"}""")]
    [TestCase("""{"mode":"url","message":"x","elicitationId":"1","url":"https://x.example"}""")]
    [TestCase(null)]
    [Spec("2025-11-25 client/elicitation §Error Handling", 2)]
    public async Task A_form_that_makes_no_sense_or_a_mode_that_was_not_declared_is_refused(string? parameters)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Eliciting((_, _) => ElicitAnswer.Accept()));

        (await AskAsync(pipe, "elicitation/create", parameters)).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
    }

    [TestCase("elicitation/create")]
    [TestCase("sampling/createMessage")]
    [TestCase("roots/list")]
    [TestCase("tasks/list")]
    [Spec("2025-11-25 client/roots §Error Handling")]
    public async Task What_was_not_declared_is_no_method(string method)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe);

        (await AskAsync(pipe, method, "{}")).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32601);
    }

    [TestCase("javascript:alert(1)")]
    [TestCase("file:///etc/passwd")]
    [TestCase("/relative")]
    [TestCase("")]
    [Spec("2025-11-25 client/elicitation §Safe URL Handling")]
    public async Task An_address_that_no_browser_should_be_given_never_reaches_the_user(string url)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions
        {
            OnElicitUrl = (_, _, _) => throw new InvalidOperationException("reached"),
        });

        var answer = await AskAsync(pipe, "elicitation/create", $$"""{"mode":"url","message":"x","elicitationId":"1","url":"{{url}}"}""");
        answer.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
    }

    [Test]
    [Spec("2025-11-25 client/elicitation §URL Mode Elicitation Requests")]
    [Spec("2025-11-25 client/elicitation §Completion Notifications for URL Mode Elicitation", 3)]
    public async Task A_page_is_agreed_to_and_its_completion_is_told_once()
    {
        var done = new List<string>();
        await using var trap = new ScriptedHttpServer(call => call.RespondAsync(200));
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions
        {
            OnElicitUrl = (page, _, _) => ValueTask.FromResult(page.Url == trap.Url.AbsoluteUri ? ElicitAnswer.Accept([]) : ElicitAnswer.Decline),
            OnElicitUrlComplete = done.Add,
        });

        (await AskAsync(pipe, "elicitation/create", $$"""{"mode":"url","message":"x","elicitationId":"a","url":"{{trap.Url}}"}"""))
            .GetProperty("result").GetRawText().Should().Be("""{"action":"accept"}""");
        (await AskAsync(pipe, "elicitation/create", """{"mode":"url","message":"x","elicitationId":"b","url":"https://x.example/b"}"""))
            .GetProperty("result").GetRawText().Should().Be("""{"action":"decline"}""");
        foreach (var id in new[] { "a", "a", "b", "unknown" })
            await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/elicitation/complete","params":{"elicitationId":"{{{id}}}"}}""");
        await SettleAsync(pipe, client);

        done.Should().Equal("a");
        trap.Calls.Should().BeEmpty("the library opens nothing by itself");
    }

    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    [Spec("2026-07-28 client/elicitation §Safe URL Handling", 4, 5)]
    public async Task A_page_is_neither_fetched_nor_opened_by_the_client_itself(string version)
    {
        await using var web = new ScriptedHttpServer(call => call.RespondAsync(200));
        var shown = new List<string>();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.AtAsync(pipe, version, new McpClientOptions
        {
            OnElicitUrl = (page, _, _) =>
            {
                shown.Add(page.Url);
                return ValueTask.FromResult(ElicitAnswer.Decline);
            },
        });
        var page = $$"""{"mode":"url","message":"x","elicitationId":"1","url":"{{web.Url}}"}""";

        if (version == "2025-11-25")
        {
            (await AskAsync(pipe, "elicitation/create", page)).GetProperty("result").GetRawText().Should().Be("""{"action":"decline"}""");
        }
        else
        {
            var calling = client.CallToolAsync("t");
            await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"p":{"method":"elicitation/create","params":{{{page}}} } } }""");
            await pipe.ResultAsync(await pipe.NextAsync("tools/call"), """{"content":[]}""");
            await calling;
        }

        shown.Should().Equal(web.Url.ToString());
        web.Calls.Should().BeEmpty();
    }

    [Test]
    [Spec("2025-11-25 client/sampling §Creating Messages")]
    public async Task The_language_model_answers()
    {
        CreateMessageRequestParams? asked = null;
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions
        {
            OnSample = (question, _, _) =>
            {
                asked = question;
                return ValueTask.FromResult<CreateMessageResult?>(Paris);
            },
        });

        var answer = await AskAsync(pipe, "sampling/createMessage", """{"messages":[{"role":"user","content":{"type":"text","text":"Capital of France?"}}],"maxTokens":10,"systemPrompt":"Be brief."}""");

        answer.GetProperty("result").GetRawText().Should().Be("""{"role":"assistant","content":{"type":"text","text":"Paris"},"model":"m","stopReason":"endTurn"}""");
        (asked!.MaxTokens, asked.SystemPrompt).Should().Be((10, "Be brief."));
    }

    [Test]
    [Spec("2025-11-25 client/sampling §Error Handling")]
    public async Task A_user_who_says_no_to_the_model_is_an_error_of_its_own()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Sampling(null));

        (await AskAsync(pipe, "sampling/createMessage", """{"messages":[],"maxTokens":1}""")).GetProperty("error").GetRawText()
            .Should().Be("""{"code":-1,"message":"User rejected sampling request"}""");
    }

    [TestCase("""{"content":{"type":"text","text":"x"}}""")]
    [TestCase("""{"role":"user"}""")]
    [TestCase("""{"role":"system","content":{"type":"text","text":"x"}}""")]
    [TestCase("null")]
    [Spec("2026-07-28 client/sampling §Messages", 1)]
    [Spec("2025-11-25 client/sampling §Messages")]
    public async Task A_message_without_a_role_or_content_never_reaches_the_model(string message)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Sampling(Paris));

        (await AskAsync(pipe, "sampling/createMessage", $$"""{"messages":[{{message}}],"maxTokens":1}""")).GetProperty("error").GetProperty("code").GetInt32()
            .Should().Be(-32602);
    }

    private const string Use = """{"role":"assistant","content":{"type":"tool_use","id":"1","name":"t","input":{}}}""";
    private const string Outcome = """{"role":"user","content":{"type":"tool_result","toolUseId":"1","content":[]}}""";

    [TestCase(Use + "," + Outcome, true)]
    [TestCase(Use + "," + Outcome + "," + Use + "," + Outcome, true)]
    [TestCase(Use, false)]
    [TestCase(Outcome, false)]
    [TestCase(Use + ",{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}", false)]
    [TestCase(Use + ",{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"toolUseId\":\"1\",\"content\":[]},{\"type\":\"text\",\"text\":\"x\"}]}", false)]
    [TestCase(Use + ",{\"role\":\"user\",\"content\":{\"type\":\"tool_result\",\"toolUseId\":\"2\",\"content\":[]}}", false)]
    [TestCase(Use + ",{\"role\":\"assistant\",\"content\":{\"type\":\"tool_result\",\"toolUseId\":\"1\",\"content\":[]}}", false)]
    [TestCase("null", false)]
    [Spec("2025-11-25 client/sampling §Tool Result Messages", 1)]
    [Spec("2025-11-25 client/sampling §Tool Use and Result Balance", 1)]
    [Spec("2025-11-25 client/sampling §Security Considerations", 2)]
    public async Task Uses_of_tools_and_their_results_come_in_pairs(string messages, bool fine)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Sampling(Paris) with { SamplesWithTools = true });

        var answer = await AskAsync(pipe, "sampling/createMessage", $$$"""{"messages":[{{{messages}}}],"maxTokens":1,"tools":[{"name":"t","inputSchema":{"type":"object"}}]}""");
        if (fine)
            answer.TryGetProperty("result", out _).Should().BeTrue();
        else
            answer.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
    }

    [Test]
    [Spec("2025-11-25 client/sampling §Tools in Sampling")]
    public async Task Tools_that_were_not_declared_are_refused_and_several_pieces_need_room()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Sampling(Paris));
        (await AskAsync(pipe, "sampling/createMessage", """{"messages":[],"maxTokens":1,"tools":[]}""")).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);

        var two = Paris with { Content = [Paris.Content[0], Paris.Content[0]] };
        await using var newer = new ScriptedPipe();
        await using var takes = await PipeConversationTests.LegacyAsync(newer, Sampling(two));
        (await AskAsync(newer, "sampling/createMessage", """{"messages":[],"maxTokens":1}""")).GetProperty("result").GetProperty("content").GetArrayLength().Should().Be(2);

        await using var older = new ScriptedPipe();
        await using var refuses = await PipeConversationTests.LegacyAsync(older, Sampling(two), "2025-06-18");
        (await AskAsync(older, "sampling/createMessage", """{"messages":[],"maxTokens":1}""")).GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32603);
    }

    [TestCase("2024-11-05")]
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [Spec("2025-11-25 client/roots §Listing Roots")]
    [Spec("2025-11-25 client/roots §Root List Changes", 1)]
    public async Task Roots_are_told_and_their_change_is_announced(string version)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions { Roots = [new Root { Uri = "file:///a", Name = "A" }] }, version);

        (await AskAsync(pipe, "roots/list", null)).GetProperty("result").GetRawText().Should().Be("""{"roots":[{"uri":"file:///a","name":"A"}]}""");
        await client.SetRootsAsync([new Root { Uri = "file:///b" }]);
        await pipe.NextAsync("notifications/roots/list_changed");
        (await AskAsync(pipe, "roots/list", "{}")).GetProperty("result").GetRawText().Should().Be("""{"roots":[{"uri":"file:///b"}]}""");
    }

    [TestCase("https://x.example/a")]
    [TestCase("/projects/mine")]
    [TestCase("file:///projects/../etc")]
    [TestCase("file:///projects/%2e%2e/etc")]
    [Spec("2025-11-25 client/roots §Security Considerations")]
    [Spec("2026-07-28 client/roots §Root", 1, AtEveryRevision = true)]
    [Spec("2026-07-28 client/roots §Security Considerations", 2, AtEveryRevision = true)]
    public async Task A_root_that_is_no_folder_is_our_callers_mistake(string uri)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions { Roots = [] });

        await client.Awaiting(it => it.SetRootsAsync([new Root { Uri = uri }])).Should().ThrowAsync<ArgumentException>();
        await using var other = new ScriptedPipe();
        var connecting = () => McpClient.ConnectAsync(other.Transport, new McpClientOptions { Roots = [new Root { Uri = uri }] });
        await connecting.Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task Roots_that_were_never_declared_cannot_be_changed()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe);

        await client.Awaiting(it => it.SetRootsAsync([])).Should().ThrowAsync<InvalidOperationException>();
    }

    [Test]
    public async Task A_handler_that_fails_tells_the_server_nothing_of_its_reasons()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Eliciting((_, _) => throw new InvalidOperationException("a secret")));

        (await AskAsync(pipe, "elicitation/create", Form)).GetProperty("error").GetRawText().Should().Be("""{"code":-32603,"message":"Internal error."}""");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/cancellation §Cancellation Flow")]
    public async Task A_question_that_is_taken_back_is_cancelled_and_not_answered_and_ids_of_both_sides_do_not_collide()
    {
        var cancelled = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions
        {
            OnElicit = async (_, _, cancellationToken) =>
            {
                asked.SetResult();
                using var registration = cancellationToken.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return ElicitAnswer.Cancel;
            },
        });
        var calling = client.CallToolAsync("t");
        var call = await pipe.NextAsync("tools/call");
        var id = call.GetProperty("id").GetRawText();

        await pipe.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"elicitation/create","params":{{Form}}}""");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}""");
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await pipe.ResultAsync(call, """{"content":[]}""");
        await calling;

        // Had the question been answered, the answer would have come before this one.
        (await AskAsync(pipe, "ping", "{}")).GetProperty("id").GetInt32().Should().Be(99);
    }

    [TestCase("0")]
    [TestCase("\"\"")]
    [Spec("2025-11-25 basic §Requests")]
    public async Task Zero_and_the_empty_string_are_ids_like_any_other(string id)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Eliciting((_, _) => ElicitAnswer.Decline));

        await pipe.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"elicitation/create","params":{{Form}}}""");
        var answer = await pipe.NextAsync();

        (answer.GetProperty("id").GetRawText(), answer.GetProperty("result").GetRawText()).Should().Be((id, """{"action":"decline"}"""));
    }

    [TestCase("0")]
    [TestCase("\"\"")]
    public async Task A_question_with_such_an_id_can_be_taken_back(string id)
    {
        var cancelled = new TaskCompletionSource();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions
        {
            OnElicit = async (_, _, cancellationToken) =>
            {
                using var registration = cancellationToken.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return ElicitAnswer.Cancel;
            },
        });

        await pipe.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"elicitation/create","params":{{Form}}}""");
        await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}""");

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Timeouts")]
    public async Task The_time_that_a_user_takes_does_not_count_against_the_call()
    {
        var time = new ManualTime();
        var answer = new TaskCompletionSource<ElicitResult>();
        var asked = new TaskCompletionSource();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions
        {
            TimeProvider = time,
            OnElicit = async (_, _, _) =>
            {
                asked.SetResult();
                return await answer.Task;
            },
        });

        var calling = client.CallToolAsync("t");
        var call = await pipe.NextAsync("tools/call");
        await pipe.SendAsync($$"""{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{{Form}} }""");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromHours(1));
        calling.IsCompleted.Should().BeFalse();
        answer.SetResult(ElicitAnswer.Decline);
        (await pipe.NextAsync()).GetProperty("id").GetInt32().Should().Be(1);
        time.Advance(TimeSpan.FromSeconds(59));
        await pipe.ResultAsync(call, """{"content":[]}""");
        await calling;

        var silent = client.CallToolAsync("t");
        await pipe.NextAsync("tools/call");
        time.Advance(TimeSpan.FromSeconds(61));
        await silent.Awaiting(task => task).Should().ThrowAsync<RequestTimedOutException>("the clock runs again");
    }

    [Test]
    public async Task A_question_beyond_the_limit_is_refused_at_once()
    {
        var answer = new TaskCompletionSource<ElicitResult>();
        var faults = new List<ProtocolFaultException>();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions
        {
            OnElicit = async (_, _, _) => await answer.Task,
            Limits = new ClientLimits { MaxServerRequests = 1 },
            OnProtocolFault = faults.Add,
        });

        await pipe.SendAsync($$"""{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{{Form}} }""");
        var refusal = await AskAsync(pipe, "ping", "{}");
        answer.SetResult(ElicitAnswer.Decline);

        refusal.GetProperty("error").GetProperty("code").GetInt32().Should().Be(ErrorCode.InternalError);
        refusal.GetProperty("error").GetProperty("message").GetString().Should().Contain("the limit");
        faults.Should().ContainSingle().Which.Message.Should().Contain("refused");
        (await pipe.NextAsync()).GetProperty("id").GetInt32().Should().Be(1);
    }

    [Test]
    public async Task A_handler_that_blocks_keeps_nothing_else_from_being_read()
    {
        using var gate = new ManualResetEventSlim();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Eliciting((_, _) =>
        {
            gate.Wait(TimeSpan.FromSeconds(30));
            return ElicitAnswer.Decline;
        }));
        var calling = client.CallToolAsync("t");
        var call = await pipe.NextAsync("tools/call");

        await pipe.SendAsync($$"""{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{{Form}} }""");
        await pipe.ResultAsync(call, """{"content":[]}""");
        await calling.WaitAsync(TimeSpan.FromSeconds(10));

        gate.Set();
        (await pipe.NextAsync()).GetProperty("id").GetInt32().Should().Be(1);
    }

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Initialization")]
    public async Task Before_the_handshake_is_over_a_server_may_ping_and_nothing_else()
    {
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport, new McpClientOptions { Roots = [] });
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), -32601);
        var greeting = await pipe.NextAsync("initialize");

        (await AskAsync(pipe, "ping", "{}")).GetProperty("result").GetRawText().Should().Be("{}");
        (await AskAsync(pipe, "roots/list", "{}")).GetProperty("error").GetProperty("code").GetInt32().Should().Be(ErrorCode.InvalidRequest);

        await pipe.ResultAsync(greeting, """{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"old","version":"1"}}""");
        await pipe.NextAsync("notifications/initialized");
        await using var client = await connecting;
        (await AskAsync(pipe, "roots/list", "{}")).TryGetProperty("result", out _).Should().BeTrue();
    }

    [Test]
    [Spec("2025-03-26 basic §Batching")]
    public async Task Each_request_of_a_batch_is_answered_and_what_is_broken_in_it_is_reported()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions { Roots = [] }, "2025-03-26");

        await pipe.SendAsync("""[{"jsonrpc":"2.0","id":1,"method":"ping"},{"broken":true},{"jsonrpc":"2.0","id":2,"method":"roots/list"}]""");

        var answers = new[] { await pipe.NextAsync(), await pipe.NextAsync() };
        answers.Select(answer => answer.GetProperty("id").GetInt32()).Should().BeEquivalentTo([1, 2]);
        answers.Should().AllSatisfy(answer => answer.TryGetProperty("result", out _).Should().BeTrue());
    }

    internal static McpClientOptions Eliciting(Func<ElicitRequestFormParams, InputContext, ElicitResult> answer) => new()
    {
        OnElicit = (form, context, _) => ValueTask.FromResult(answer(form, context)),
    };

    private static McpClientOptions Sampling(CreateMessageResult? answer) => new() { OnSample = (_, _, _) => ValueTask.FromResult(answer) };

    private static async Task<JsonElement> ElicitAsync(ElicitResult result)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Eliciting((_, _) => result));
        return await AskAsync(pipe, "elicitation/create", Form);
    }

    private static async Task<JsonElement> AskAsync(ScriptedPipe pipe, string method, string? parameters)
    {
        await pipe.SendAsync($$"""{"jsonrpc":"2.0","id":99,"method":"{{method}}"{{(parameters is null ? "" : $",\"params\":{parameters}")}}}""");
        var answer = await pipe.NextAsync();
        answer.GetProperty("id").GetInt32().Should().Be(99);
        return answer;
    }

    /// <summary>Has the client handle all that was sent before.</summary>
    private static async Task SettleAsync(ScriptedPipe pipe, McpClient client)
    {
        var ticked = new TaskCompletionSource();
        var calling = client.CallToolAsync("t", options: new RequestOptions { OnProgress = _ => ticked.SetResult() });
        var call = await pipe.NextAsync("tools/call");
        var token = call.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText();
        await pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":1}}""");
        await pipe.ResultAsync(call, """{"content":[]}""");
        await calling;
        await ticked.Task;
    }
}
