using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>What modern servers ask before they answer.</summary>
public sealed class InputRoundTests
{
    private const string Done = """{"resultType":"complete","content":[{"type":"text","text":"done"}]}""";
    private const string Form = """{"method":"elicitation/create","params":{"message":"Who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}}""";
    private const string Sample = """{"method":"sampling/createMessage","params":{"messages":[{"role":"user","content":{"type":"text","text":"?"}}],"maxTokens":9}}""";

    private static readonly McpClientOptions All = new()
    {
        OnElicit = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Accept(new JsonObject { ["name"] = "octocat" })),
        OnSample = (_, _, _) => ValueTask.FromResult<CreateMessageResult?>(
            new() { Role = Role.Assistant, Content = [new TextContent { Text = "!" }], Model = "m" }),
        Roots = [new Root { Uri = "file:///a" }],
    };

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Client Requirements (Basic Workflow)", 1, 2, 3, 5)]
    [Spec("2026-07-28 basic/patterns/mrtr §InputResponses")]
    [Spec("2026-07-28 client/elicitation §Elicitation Requests", 2)]
    [Spec("2026-07-28 basic/patterns/mrtr §InputRequiredResult", 1)]
    [Spec("2026-07-28 server/tools §Input Required Tool Results", 1)]
    public async Task The_request_is_sent_again_with_a_new_id_the_answers_and_the_very_same_state()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, All);

        var calling = client.CallToolAsync("t", new { city = "Oslo" });
        var first = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(first, $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}},"what":{{{Sample}}},"where":{"method":"roots/list"}},"requestState":"a\u00e5/+=\n\\ü"}""");
        var second = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(second, Done);

        (await calling).Text.Should().Be("done");
        second.GetProperty("id").GetRawText().Should().NotBe(first.GetProperty("id").GetRawText());
        var sent = second.GetProperty("params");
        sent.GetProperty("name").GetString().Should().Be("t");
        sent.GetProperty("arguments").GetRawText().Should().Be("""{"city":"Oslo"}""");
        sent.GetProperty("requestState").GetString().Should().Be("aå/+=\n\\ü");
        sent.GetProperty("requestState").GetRawText().Should().Be("""
            "a\u00e5/+=\n\\ü"
            """, "it is not even written in another way");
        sent.GetProperty("inputResponses").GetRawText().Should().Be("""{"who":{"action":"accept","content":{"name":"octocat"}},"what":{"role":"assistant","content":{"type":"text","text":"!"},"model":"m"},"where":{"roots":[{"uri":"file:///a"}]}}""");
        JsonElement.DeepEquals(sent.GetProperty("_meta"), first.GetProperty("params").GetProperty("_meta")).Should().BeTrue();
    }

    [TestCase("prompts/get")]
    [TestCase("resources/read")]
    [Spec("2026-07-28 basic/patterns/mrtr §Supported Requests")]
    [Spec("2026-07-28 basic/patterns/mrtr §Client Requirements (Basic Workflow)", 4)]
    public async Task Prompts_and_resources_ask_in_the_same_way_and_without_state_none_is_sent(string method)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, All);

        Task asking = method == "prompts/get" ? client.GetPromptAsync("p") : client.ReadResourceAsync("a://b");
        await pipe.ResultAsync(await pipe.NextAsync(method), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}}}""");
        var second = await pipe.NextAsync(method);
        await pipe.ResultAsync(second, method == "prompts/get" ? """{"messages":[]}""" : """{"contents":[]}""");
        await asking;

        second.GetProperty("params").TryGetProperty("requestState", out _).Should().BeFalse();
        second.GetProperty("params").GetProperty("inputResponses").GetProperty("who").GetProperty("action").GetString().Should().Be("accept");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Client Requirements (Basic Workflow)", 2, 4, 6)]
    public async Task Each_round_carries_its_own_answers_and_state_alone()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, All);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}},"requestState":"one"}""");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), """{"resultType":"input_required","requestState":"two"}""");
        var third = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(third, """{"resultType":"input_required","inputRequests":{"where":{"method":"roots/list","params":{}}}}""");
        var fourth = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(fourth, Done);
        await calling;

        third.GetProperty("params").GetProperty("requestState").GetString().Should().Be("two");
        third.GetProperty("params").TryGetProperty("inputResponses", out _).Should().BeFalse("nothing was asked");
        fourth.GetProperty("params").TryGetProperty("requestState", out _).Should().BeFalse("none was given");
        fourth.GetProperty("params").GetProperty("inputResponses").EnumerateObject().Select(answer => answer.Name).Should().Equal("where");
    }

    [TestCase("tools/list", """{"resultType":"input_required","requestState":"x"}""", "*'tools/list'*needs none*")]
    [TestCase("tools/call", """{"resultType":"input_required"}""", "*neither*")]
    [TestCase("tools/call", """{"resultType":"input_required","inputRequests":{}}""", "*neither*")]
    [TestCase("tools/call", """{"resultType":"input_required","inputRequests":[]}""", "*asked for input*")]
    [TestCase("tools/call", """{"resultType":"input_required","requestState":7}""", "*asked for input*")]
    [TestCase("tools/call", """{"resultType":"input_required","inputRequests":{"k":null}}""", "*inputRequests.k*null*")]
    [TestCase("tools/call", """{"resultType":"input_required","inputRequests":{"k":{"method":"tools/list"}}}""", "*'k'*'tools/list'*")]
    [TestCase("tools/call", """{"resultType":"input_required","inputRequests":{"k":{"method":"ping"}}}""", "*'k'*'ping'*")]
    [TestCase("tools/call", """{"resultType":"input_required","inputRequests":{"k":{"method":"elicitation/create"}}}""", "*'k'*missing*")]
    [TestCase("tools/call", """{"resultType":"input_required","inputRequests":{"k":{"method":"elicitation/create","params":{"mode":"x","message":"m"}}}}""", "*'k'*mode*")]
    [TestCase("tools/call", """{"resultType":"input_required","inputRequests":{"k":{"method":"roots/list"},"l":{"method":"roots/list"},"m":{"method":"roots/list"}}}""", "*3 questions*MaxInputRequests*")]
    [Spec("2026-07-28 basic/patterns/mrtr §Server Requirements (Basic Workflow)")]
    public async Task Questions_that_break_the_rules_are_a_fault_of_the_server(string method, string result, string message)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, All with { Limits = new ClientLimits { MaxInputRequests = 2 } });

        Task asking = method == "tools/list" ? client.ListToolsPageAsync() : client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync(method), result);

        await asking.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>().WithMessage(message);
    }

    [TestCase("elicitation/create", "OnElicit")]
    [TestCase("sampling/createMessage", "OnSample")]
    [TestCase("roots/list", "Roots")]
    [Spec("2026-07-28 basic/patterns/mrtr §InputRequiredResult")]
    public async Task Without_a_handler_the_exception_names_the_option_to_set(string method, string option)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"k":{"method":"{{{method}}}","params":{} } }}""");

        await calling.Awaiting(task => task).Should().ThrowAsync<InputRequiredException>().WithMessage($"*'tools/call'*{method}*McpClientOptions.{option} *");
    }

    [Test]
    public async Task Nobody_is_asked_when_another_question_cannot_be_answered()
    {
        var asked = false;
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, ServerRequestTests.Eliciting((_, _) =>
        {
            asked = true;
            return ElicitAnswer.Decline;
        }));

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}},"what":{{{Sample}}}}}""");

        await calling.Awaiting(task => task).Should().ThrowAsync<InputRequiredException>();
        asked.Should().BeFalse();
    }

    [Test]
    [Spec("2026-07-28 client/elicitation §Response Actions")]
    [Spec("2026-07-28 client/elicitation §User Interaction Model", 4)]
    public async Task A_user_who_declines_is_told_to_the_server()
    {
        InputContext? context = null;
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, ServerRequestTests.Eliciting((_, asker) =>
        {
            context = asker;
            return ElicitAnswer.Decline;
        }));

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}}}""");
        var second = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(second, Done);
        await calling;

        second.GetProperty("params").GetProperty("inputResponses").GetRawText().Should().Be("""{"who":{"action":"decline"}}""");
        (context!.Method, context.ServerInfo!.Name).Should().Be(("tools/call", "s"));
    }

    [Test]
    [Spec("2026-07-28 client/elicitation §URL Mode Elicitation Requests")]
    [Spec("2026-07-28 client/elicitation §Safe URL Handling", 4, 5)]
    public async Task A_page_is_agreed_to_and_never_opened_by_the_library()
    {
        ElicitRequestUrlParams? page = null;
        await using var trap = new ScriptedHttpServer(call => call.RespondAsync(200));
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, new McpClientOptions
        {
            OnElicitUrl = (asked, _, _) =>
            {
                page = asked;
                return ValueTask.FromResult(ElicitAnswer.Accept());
            },
        });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"p":{"method":"elicitation/create","params":{"mode":"url","message":"m","url":"{{{trap.Url}}}"} } }}""");
        var second = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(second, Done);
        await calling;

        page!.Url.Should().Be(trap.Url.AbsoluteUri);
        trap.Calls.Should().BeEmpty();
        second.GetProperty("params").GetProperty("inputResponses").GetRawText().Should().Be("""{"p":{"action":"accept"}}""");
    }

    [Test]
    [Spec("2026-07-28 client/sampling §Error Handling")]
    public async Task A_user_who_says_no_to_the_model_ends_the_call_and_nothing_is_sent_again()
    {
        var formStopped = new TaskCompletionSource();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, new McpClientOptions
        {
            OnSample = (_, _, _) => ValueTask.FromResult<CreateMessageResult?>(null),
            OnElicit = async (_, _, cancellationToken) =>
            {
                using var registration = cancellationToken.Register(formStopped.SetResult);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return ElicitAnswer.Cancel;
            },
        });

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}},"what":{{{Sample}}}}}""");

        await calling.Awaiting(task => task).Should().ThrowAsync<SamplingRejectedException>();
        await formStopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task What_breaks_the_form_is_our_hosts_mistake_and_is_not_sent()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, ServerRequestTests.Eliciting((_, _) => ElicitAnswer.Accept()));

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}}}""");

        await calling.Awaiting(task => task).Should().ThrowAsync<InvalidOperationException>().WithMessage("OnElicit accepted with what the form does not allow*name*");
    }

    [Test]
    public async Task A_handler_that_returns_null_is_our_hosts_mistake()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, ServerRequestTests.Eliciting((_, _) => null!));

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}}}""");

        await calling.Awaiting(task => task).Should().ThrowAsync<InvalidOperationException>().WithMessage("OnElicit returned null*");
    }

    [TestCase("""{"resultType":"input_required","requestState":"again"}""")]
    [TestCase("""{"resultType":"input_required","inputRequests":{"where":{"method":"roots/list"}}}""")]
    public async Task A_server_that_never_has_enough_is_given_up(string result)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, All with { Limits = new ClientLimits { MaxInputRounds = 3 } });

        var calling = client.CallToolAsync("t");
        for (var round = 0; round <= 3; round++)
            await pipe.ResultAsync(await pipe.NextAsync("tools/call"), result);

        await calling.Awaiting(task => task).Should().ThrowAsync<InputRequiredException>().WithMessage("*4 times*MaxInputRounds*");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Client Requirements (Basic Workflow)", 6)]
    public async Task Parallel_calls_never_mix()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, All);

        var calls = Enumerable.Range(0, 50).Select(i => client.CallToolAsync("t", new { i })).ToArray();
        for (var i = 0; i < 50; i++)
        {
            var call = await pipe.NextAsync("tools/call");
            var number = call.GetProperty("params").GetProperty("arguments").GetProperty("i").GetInt32();
            await pipe.ResultAsync(call, $$$"""{"resultType":"input_required","inputRequests":{"k{{{number}}}":{"method":"roots/list"}},"requestState":"s{{{number}}}"}""");
        }

        for (var i = 0; i < 50; i++)
        {
            var call = await pipe.NextAsync("tools/call");
            var sent = call.GetProperty("params");
            var number = sent.GetProperty("arguments").GetProperty("i").GetInt32();
            sent.GetProperty("requestState").GetString().Should().Be($"s{number}");
            sent.GetProperty("inputResponses").EnumerateObject().Should().ContainSingle().Which.Name.Should().Be($"k{number}");
            await pipe.ResultAsync(call, $$"""{"content":[{"type":"text","text":"{{number}}"}]}""");
        }

        (await Task.WhenAll(calls)).Select(answer => answer.Text).Should().Equal(Enumerable.Range(0, 50).Select(i => $"{i}"));
    }

    [Test]
    public async Task Progress_is_heard_in_every_round_and_the_time_that_a_user_takes_does_not_count()
    {
        var time = new ManualTime();
        var heard = new List<double>();
        var answer = new TaskCompletionSource<ElicitResult>();
        var asked = new TaskCompletionSource();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, new McpClientOptions
        {
            TimeProvider = time,
            OnElicit = async (_, _, _) =>
            {
                asked.SetResult();
                return await answer.Task;
            },
        });

        var calling = client.CallToolAsync("t", options: new RequestOptions { OnProgress = news => heard.Add(news.Progress) });
        var first = await pipe.NextAsync("tools/call");
        await pipe.SendAsync(Progress(first, 1));
        await pipe.ResultAsync(first, $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}}}""");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromHours(1));
        answer.SetResult(ElicitAnswer.Decline);
        var second = await pipe.NextAsync("tools/call");
        await pipe.SendAsync(Progress(second, 2));
        await pipe.ResultAsync(second, Done);
        await calling;

        heard.Should().Equal(1, 2);
    }

    [Test]
    public async Task Cancelling_ends_the_question_too()
    {
        using var stop = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, new McpClientOptions
        {
            OnElicit = async (_, _, cancellationToken) =>
            {
                using var registration = cancellationToken.Register(cancelled.SetResult);
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return ElicitAnswer.Cancel;
            },
        });

        var calling = client.CallToolAsync("t", cancellationToken: stop.Token);
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}}}""");

        await calling.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    [Spec("2026-07-28 client/roots §Listing Roots")]
    public async Task Roots_that_changed_are_told_when_they_are_asked_for_and_not_before()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, All);
        await client.SetRootsAsync([new Root { Uri = "file:///b" }]);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), """{"resultType":"input_required","inputRequests":{"where":{"method":"roots/list"}}}""");
        var second = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(second, Done);
        await calling;

        second.GetProperty("params").GetProperty("inputResponses").GetRawText().Should().Be("""{"where":{"roots":[{"uri":"file:///b"}]}}""");
    }

    [Test]
    public async Task An_error_after_the_answers_is_the_error_that_came()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe, All);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), $$$"""{"resultType":"input_required","inputRequests":{"who":{{{Form}}}}}""");
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32602);

        (await calling.Awaiting(task => task).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(-32602);
    }

    private static string Progress(JsonElement call, int progress) =>
        $$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{call.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText()}}},"progress":{{{progress}}}}}""";
}
