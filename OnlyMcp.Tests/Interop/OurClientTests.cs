using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our client against servers by others: one conversation each, over transport x revision.</summary>
[TestFixtureSource(typeof(PeerServer), nameof(PeerServer.All))]
[Parallelizable(ParallelScope.Self)]
public sealed class OurClientTests(PeerServer peer)
{
    private readonly List<ProtocolFaultException> faults = [];
    private ConnectedPeer? connected;

    private McpClient Client => connected!.Client;

    [OneTimeSetUp]
    public async Task ConnectAsync() => connected = await peer.ConnectAsync(new McpClientOptions { OnProtocolFault = Note });

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
    public void It_speaks_the_revision_that_is_pinned_or_the_newest_in_common()
    {
        Client.ProtocolVersion.Should().Be(peer.Spoken);
        Client.ServerInfo!.Name.Should().NotBeEmpty();
        Client.ServerCapabilities.Tools.Should().NotBeNull();
    }

    [Test]
    public async Task It_lists_the_tools()
    {
        var names = await Client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync();

        names.Should().Contain([peer.Tools.Echo.Name, peer.Tools.AddSixAndSeven.Name]);
    }

    [Test]
    public async Task It_calls_tools()
    {
        (await CallAsync(peer.Tools.Echo)).EnsureSuccess().Text.Should().EndWith("hi");
        (await CallAsync(peer.Tools.AddSixAndSeven)).EnsureSuccess().Text.Should().Contain("13");
    }

    [Test]
    public async Task Many_calls_run_at_a_time_and_each_gets_its_own_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CallAsync(new PeerCall(peer.Tools.Echo.Name, new { message = $"hi {i}" }))));

        answers.Select(answer => answer.Text[answer.Text.IndexOf("hi", StringComparison.Ordinal)..])
            .Should().Equal(Enumerable.Range(0, 20).Select(i => $"hi {i}"));
    }

    [Test]
    public async Task Progress_arrives_in_order_before_the_answer()
    {
        List<double> progress = [];

        var answer = await CallAsync(peer.Tools.CountToThree, new RequestOptions { OnProgress = news => progress.Add(news.Progress) });

        answer.EnsureSuccess();
        progress.Should().Equal(1, 2, 3);
    }

    [Test]
    public async Task A_tool_that_fails_says_so_in_its_answer()
    {
        var answer = await CallAsync(peer.Tools.Fail);

        answer.IsError.Should().BeTrue();
        answer.Text.Should().NotBeEmpty();
    }

    [Test]
    public async Task An_unknown_tool_is_an_error()
    {
        var unknown = new PeerCall("no-such-tool", new { });

        // Version 1 of the TypeScript SDK answers with a result that says that the tool failed; the specification, with an error.
        if (peer.Peer is "everything" or "ts-server-v1")
            (await CallAsync(unknown)).IsError.Should().BeTrue();
        else
            (await this.Awaiting(it => it.CallAsync(unknown)).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.InvalidParams);
    }

    [Test]
    public async Task A_call_is_cancelled_and_the_conversation_goes_on()
    {
        using CancellationTokenSource cancel = new(TimeSpan.FromSeconds(30));
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var waiting = CallAsync(peer.Tools.Wait, new RequestOptions { OnProgress = _ => started.TrySetResult() }, cancel.Token);
        await started.Task.WaitAsync(cancel.Token);
        await cancel.CancelAsync();

        await waiting.Awaiting(call => call).Should().ThrowAsync<OperationCanceledException>();
        if (peer.Tools.Cancelled is { } cancelled)
            (await CallAsync(cancelled)).Text.Should().Be("cancelled");
        (await CallAsync(peer.Tools.Echo)).Text.Should().EndWith("hi");
    }

    private Task<ToolAnswer> CallAsync(PeerCall call, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Client.CallToolAsync(call.Name, call.Arguments, options, cancellationToken);

    private void Note(ProtocolFaultException fault)
    {
        lock (faults)
            faults.Add(fault);
    }
}
