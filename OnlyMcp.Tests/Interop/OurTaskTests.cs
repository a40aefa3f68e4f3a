using System.Collections.Concurrent;
using OnlyMcp.Client;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our client with tools of servers by others that are tasks: one conversation each, over transport x form.</summary>
[TestFixtureSource(typeof(PeerServer), nameof(PeerServer.WithTasks))]
[Parallelizable(ParallelScope.Self)]
public sealed class OurTaskTests(PeerServer peer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<ProtocolFaultException> faults = [];
    private ConnectedPeer? connected;

    private McpClient Client => connected!.Client;

    [OneTimeSetUp]
    public async Task ConnectAsync() => connected = await peer.ConnectAsync(new McpClientOptions
    {
        OnElicit = (_, _, _) => new(ElicitAnswer.Accept(new() { ["name"] = "Ada" })),
        OnProtocolFault = Note,
    });

    [OneTimeTearDown]
    public async Task LeaveAsync()
    {
        if (connected is not null)
            await connected.DisposeAsync();
        lock (faults)
            faults.Should().BeEmpty("all that a peer sends is read");
    }

    [SetUp]
    public void NameThePeer() => TestContext.Out.WriteLine(peer);

    [Test]
    public async Task A_call_is_followed_by_what_is_said_of_it_to_its_result()
    {
        ConcurrentQueue<string?> said = new();
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var calling = Client.CallToolAsync("job", options: new RequestOptions { OnProgress = Hear });
        await started.Task.WaitAsync(Patience);
        await Client.CallToolAsync("go");

        (await calling.WaitAsync(Patience)).EnsureSuccess().Text.Should().Be("done");
        said.Should().Contain(message => message == "half" || message == "step 1");

        void Hear(ProgressNotificationParams news)
        {
            said.Enqueue(news.Message);
            started.TrySetResult();
        }
    }

    [Test]
    public async Task A_tool_that_may_be_a_task_is_called_either_way([Values] bool asTask) =>
        (await Client.CallToolAsync("job-optional", options: new RequestOptions { AsTask = asTask })).EnsureSuccess().Text.Should().Be("done");

    [Test]
    public async Task A_tool_that_was_never_listed_is_called_as_a_task()
    {
        await using var other = await peer.ConnectAsync(new McpClientOptions());

        (await other.Client.CallToolAsync("job-fails")).Text.Should().Contain("This tool always fails.");
    }

    [Test]
    public async Task A_tool_that_is_no_task_is_answered_at_once()
    {
        var task = await Client.StartToolAsync("echo", new { message = "hi" });

        task.IsOver.Should().BeTrue();
        task.Handle.Should().BeNull();
        (await task.WaitAsync()).Text.Should().EndWith("hi");
    }

    [Test]
    public async Task A_tool_that_fails_says_so_in_its_answer()
    {
        var answer = await Client.CallToolAsync("job-fails");

        answer.IsError.Should().BeTrue();
        answer.Text.Should().Contain("This tool always fails.");
    }

    [Test]
    public async Task A_task_without_a_result_is_an_error() =>
        (await Client.Awaiting(it => it.CallToolAsync("job-breaks")).Should().ThrowAsync<JsonRpcException>()).Which.Should().NotBeOfType<TaskNotFoundException>();

    [Test]
    public async Task The_user_is_asked_in_the_middle() => (await Client.CallToolAsync("job-asks")).EnsureSuccess().Text.Should().Be("Hello, Ada");

    [Test]
    public async Task Another_that_has_the_handle_waits_for_the_same_task()
    {
        var handle = (await Client.StartToolAsync("job")).Handle!;
        var resumed = Client.ResumeTask(TaskHandle.Parse(handle.ToJson()));

        (await resumed.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Working);
        await Client.CallToolAsync("go");

        (await resumed.WaitAsync().WaitAsync(Patience)).Text.Should().Be("done");
        resumed.State!.Status.Should().Be(McpTaskStatus.Completed);
    }

    [Test]
    public async Task A_task_that_is_cancelled_has_no_result()
    {
        var task = await Client.StartToolAsync("job-waits");

        await task.CancelAsync();

        await task.Awaiting(it => it.WaitAsync().WaitAsync(Patience)).Should().ThrowAsync<ToolTaskCancelledException>();
    }

    [Test]
    public async Task An_unknown_task_is_not_found()
    {
        var nobodys = Client.ResumeTask(new TaskHandle { TaskId = "no-such-task", Tool = "job" });

        await nobodys.Awaiting(it => it.RefreshAsync()).Should().ThrowAsync<TaskNotFoundException>();
    }

    private void Note(ProtocolFaultException fault)
    {
        lock (faults)
            faults.Add(fault);
    }
}
