using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our client with the tasks of the everything server, over each of its transports: its research, and what it asks of clients that have tasks.</summary>
[TestFixture("stdio")]
[TestFixture("http")]
[TestFixture("sse")]
[Parallelizable(ParallelScope.All)]
public sealed class EverythingTaskTests(string transport)
{
    private const string Research = "simulate-research-query";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<ProtocolFaultException> faults = new();
    private readonly ConcurrentQueue<ElicitRequestParams> asked = new();
    private ConnectedPeer? connected;

    private McpClient Client => connected!.Client;

    [OneTimeSetUp]
    public async Task ConnectAsync() => connected = await new PeerServer("everything", transport, "2025-11-25", "2025-11-25").ConnectAsync(new McpClientOptions
    {
        OnElicit = (question, _, _) =>
        {
            asked.Enqueue(question);
            return new(ElicitAnswer.Accept(new JsonObject { ["interpretation"] = "snake" }));
        },
        OnSample = (_, _, _) => new((CreateMessageResult?)null),
        OnProtocolFault = faults.Enqueue,
    });

    [OneTimeTearDown]
    public async Task LeaveAsync()
    {
        if (connected is not null)
            await connected.DisposeAsync();
        faults.Should().BeEmpty("all that a peer sends is read");
    }

    [Test]
    public async Task Its_research_is_followed_to_the_end()
    {
        ConcurrentQueue<ProgressNotificationParams> heard = new();

        var answer = await Client.CallToolAsync(Research, new { topic = "rain" }, new RequestOptions { OnProgress = heard.Enqueue }).WaitAsync(Patience);

        answer.EnsureSuccess().Text.Should().StartWith("# Research Report: rain");
        heard.Select(news => news.Progress).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        heard.Select(news => news.Message).Should().Contain(["Gathering sources...", "Generating report..."]);
    }

    [Test]
    public async Task Its_question_in_the_middle_is_answered()
    {
        var answer = await Client.CallToolAsync(Research, new { topic = "python", ambiguous = true }).WaitAsync(Patience);

        answer.EnsureSuccess().Text.Should().StartWith("# Research Report: python (snake)");
        asked.Select(question => question.Message).Should().ContainSingle(message => message.Contains("\"python\"", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_research_of_which_the_handle_was_stored_is_found_again()
    {
        var stored = (await Client.StartToolAsync(Research, new { topic = "snow" })).Handle!.ToJson();

        var resumed = Client.ResumeTask(TaskHandle.Parse(stored));
        (await resumed.RefreshAsync())!.StatusMessage.Should().NotBeEmpty();

        (await resumed.WaitAsync().WaitAsync(Patience)).Text.Should().StartWith("# Research Report: snow");
    }

    [Test]
    public async Task A_research_is_cancelled()
    {
        var task = await Client.StartToolAsync(Research, new { topic = "fog" });

        await task.CancelAsync();

        await task.Awaiting(it => it.WaitAsync().WaitAsync(Patience)).Should().ThrowAsync<ToolTaskCancelledException>();
    }

    [Test]
    public async Task A_research_that_nobody_waits_for_any_more_is_cancelled()
    {
        using CancellationTokenSource cancel = new();
        TaskCompletionSource<string> started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Where a server measures nothing, what it says of the task is reported under the task's name.
        var options = new RequestOptions { OnProgress = news => started.TrySetResult(news.ProgressToken.Value.Value) };
        var calling = Client.CallToolAsync(Research, new { topic = "hail" }, options, cancel.Token);
        var task = Client.ResumeTask(new TaskHandle { TaskId = await started.Task.WaitAsync(Patience), Tool = Research });
        await cancel.CancelAsync();

        await calling.Awaiting(call => call).Should().ThrowAsync<OperationCanceledException>();
        await task.Awaiting(it => it.WaitAsync().WaitAsync(Patience)).Should().ThrowAsync<ToolTaskCancelledException>();
    }

    [TestCase("trigger-elicitation-request-async")]
    [TestCase("trigger-sampling-request-async")]
    public async Task What_asks_for_tasks_of_the_client_is_neither_offered_nor_done(string tool)
    {
        // We declare elicitation and sampling, but none that become tasks of ours.
        (await Client.ListToolsAsync().Select(listed => listed.Name).ToArrayAsync())
            .Should().Contain(["trigger-elicitation-request", "trigger-sampling-request", Research]).And.NotContain(tool);

        var refused = await Client.CallToolAsync(tool);

        refused.IsError.Should().BeTrue();
        refused.Text.Should().Contain(tool).And.Contain("not found");
    }
}
