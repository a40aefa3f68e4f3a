using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>Servers that refuse a call until the user has been on a web page.</summary>
public sealed class RequiredPageTests
{
    private const string Page = """{"elicitations":[{"mode":"url","elicitationId":"e1","url":"https://x.example/e1","message":"Log in."}]}""";
    private const string Done = """{"content":[{"type":"text","text":"done"}]}""";

    [Test]
    [Spec("2025-11-25 client/elicitation §URL Elicitation Required Error")]
    [Spec("2025-11-25 client/elicitation §Completion Notifications for URL Mode Elicitation")]
    public async Task The_call_is_made_again_when_the_server_says_that_the_user_is_done()
    {
        var asked = new TaskCompletionSource<ElicitRequestUrlParams>();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Agreeing(asked));

        var calling = client.CallToolAsync("t", new { a = 1 });
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32042, Page);
        (await asked.Task.WaitAsync(TimeSpan.FromSeconds(10))).Url.Should().Be("https://x.example/e1");
        await CompleteAsync(pipe, "unknown");
        await CompleteAsync(pipe, "e1");
        var second = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(second, Done);

        (await calling).Text.Should().Be("done");
        second.GetProperty("params").GetRawText().Should().Be("""{"name":"t","arguments":{"a":1}}""");
    }

    [Test]
    [Spec("2025-11-25 client/elicitation §Completion Notifications for URL Mode Elicitation")]
    public async Task The_call_is_made_again_when_the_host_says_so()
    {
        var asked = new TaskCompletionSource<ElicitRequestUrlParams>();
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Agreeing(asked));

        var calling = client.CallToolAsync("t");
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32042, Page);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));
        client.CompleteElicitUrl("other").Should().BeFalse();
        client.CompleteElicitUrl("e1").Should().BeTrue();
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Done);

        (await calling).Text.Should().Be("done");
        client.CompleteElicitUrl("e1").Should().BeFalse();
    }

    [Test]
    public async Task A_user_who_is_quicker_than_the_answer_is_done_all_the_same()
    {
        await using var pipe = new ScriptedPipe();
        McpClient? client = null;
        client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions
        {
            OnElicitUrl = (page, _, _) =>
            {
                client!.CompleteElicitUrl(page.ElicitationId!);
                return ValueTask.FromResult(ElicitAnswer.Accept());
            },
        });
        await using var closing = client;

        var calling = client.CallToolAsync("t");
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32042, Page);
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Done);
        (await calling).Text.Should().Be("done");
    }

    [Test]
    public async Task Who_opens_no_pages_gets_their_list()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32042, Page);

        var fault = (await calling.Awaiting(task => task).Should().ThrowAsync<ElicitUrlRequiredException>()).WithMessage("*OnElicitUrl*").Which;
        (fault.Code, fault.Elicitations.Single().ElicitationId).Should().Be((ErrorCode.UrlElicitationRequired, "e1"));
    }

    [Test]
    public async Task A_user_who_declines_and_one_who_is_never_done_end_the_call()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions { OnElicitUrl = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Decline) });
        var calling = client.CallToolAsync("t");
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32042, Page);
        await calling.Awaiting(task => task).Should().ThrowAsync<ElicitUrlRequiredException>().WithMessage("*did not agree*");

        var asked = new TaskCompletionSource<ElicitRequestUrlParams>();
        await using var other = new ScriptedPipe();
        await using var patient = await PipeConversationTests.LegacyAsync(other, Agreeing(asked) with { ElicitUrlTimeout = TimeSpan.FromMilliseconds(1) });
        var waiting = patient.CallToolAsync("t");
        await other.ErrorAsync(await other.NextAsync("tools/call"), -32042, Page);
        await waiting.Awaiting(task => task).Should().ThrowAsync<ElicitUrlRequiredException>().WithMessage("*not done within*");
    }

    [Test]
    public async Task A_server_that_never_has_enough_is_given_up()
    {
        await using var pipe = new ScriptedPipe();
        McpClient? client = null;
        client = await PipeConversationTests.LegacyAsync(pipe, new McpClientOptions
        {
            Limits = new ClientLimits { MaxInputRounds = 2 },
            OnElicitUrl = (page, _, _) =>
            {
                client!.CompleteElicitUrl(page.ElicitationId!);
                return ValueTask.FromResult(ElicitAnswer.Accept());
            },
        });
        await using var closing = client;

        var calling = client.CallToolAsync("t");
        for (var i = 0; i <= 2; i++)
            await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32042, Page);

        await calling.Awaiting(task => task).Should().ThrowAsync<ElicitUrlRequiredException>().WithMessage("*MaxInputRounds*");
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"elicitations":[]}""")]
    [TestCase("""{"elicitations":[null]}""")]
    [TestCase("""{"elicitations":[{"mode":"url","url":"https://x.example","message":"no id"}]}""")]
    [TestCase("""{"elicitations":[{"message":"a form","elicitationId":"e","requestedSchema":{"type":"object","properties":{}}}]}""")]
    [TestCase("""{"elicitations":[{"mode":"url","url":"javascript:alert(1)","message":"m","elicitationId":"e"}]}""")]
    [Spec("2025-11-25 client/elicitation §URL Elicitation Required Error")]
    public async Task Pages_that_are_not_named_as_they_must_be_are_a_fault_of_the_server(string data)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Agreeing(new()));

        var calling = client.CallToolAsync("t");
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32042, data);

        await calling.Awaiting(task => task).Should().ThrowAsync<ProtocolFaultException>();
    }

    [Test]
    public async Task In_other_revisions_the_code_means_nothing_of_the_kind()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.LegacyAsync(pipe, Agreeing(new()), "2025-06-18");

        var calling = client.CallToolAsync("t");
        await pipe.ErrorAsync(await pipe.NextAsync("tools/call"), -32042, Page);

        (await calling.Awaiting(task => task).Should().ThrowAsync<JsonRpcException>()).Which.Should().NotBeOfType<ElicitUrlRequiredException>();
    }

    private static McpClientOptions Agreeing(TaskCompletionSource<ElicitRequestUrlParams> asked) => new()
    {
        OnElicitUrl = (page, _, _) =>
        {
            asked.TrySetResult(page);
            return ValueTask.FromResult(ElicitAnswer.Accept());
        },
    };

    private static Task CompleteAsync(ScriptedPipe pipe, string id) =>
        pipe.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/elicitation/complete","params":{"elicitationId":"{{{id}}}"}}""");
}
