using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Testing;

/// <summary>Our own client and server on a bad way: every call ends, with an answer or a clear exception, and nothing hangs.</summary>
public sealed class RobustnessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static IEnumerable<Revision> Revisions => [KnownRevisions.V20260728, KnownRevisions.V20251125, KnownRevisions.V20250326];

    [TestCaseSource(nameof(Revisions))]
    public async Task The_way_to_the_server_may_end_at_every_byte(Revision revision) => await CutEverywhereAsync(revision, isToServer: true);

    [TestCaseSource(nameof(Revisions))]
    public async Task The_way_to_the_client_may_end_at_every_byte(Revision revision) => await CutEverywhereAsync(revision, isToServer: false);

    [TestCaseSource(nameof(Revisions))]
    public async Task Messages_may_come_twice_late_broken_and_in_another_order(Revision revision)
    {
        var answered = 0;
        for (var seed = 0; seed < 30; seed++)
        {
            var plan = new FaultPlan { Seed = seed, Duplicated = 0.2, Overtaken = 0.2, Garbled = seed % 2 * 0.1, Delayed = 0.1, Delay = TimeSpan.FromMilliseconds(2) };
            answered += await ConverseAsync(revision, plan, plan with { Seed = seed + 1000 });
        }

        answered.Should().BePositive("some of it got through");
    }

    [TestCaseSource(nameof(Revisions))]
    public async Task A_transport_may_break_after_every_message(Revision revision)
    {
        for (var most = 0; most < 12; most++)
        {
            await ConverseAsync(revision, null, null, transport => new FaultTransport(transport, new FaultPlan { CutAfterMessages = most }));
            await ConverseAsync(revision, null, null, transport => new FaultTransport(transport, toClient: new FaultPlan { CutAfterMessages = most }));
        }
    }

    private static async Task CutEverywhereAsync(Revision revision, bool isToServer)
    {
        var answered = 0;
        for (long at = 0; answered < 3; at++)
        {
            at.Should().BeLessThan(10_000, "the conversation is shorter than that");
            var plan = new FaultPlan { CutAfterBytes = at };
            answered = await ConverseAsync(revision, isToServer ? plan : null, isToServer ? null : plan);
        }
    }

    /// <summary>Connects, calls three times side by side, and leaves; how many calls were answered.</summary>
    private static async Task<int> ConverseAsync(
        Revision revision, FaultPlan? toServer, FaultPlan? toClient, Func<IClientTransport, IClientTransport>? around = null)
    {
        var (near, far) = InMemoryPipe.Create();
        var serving = new ToolServer().Server.ServeAsync(far, toClient is null ? far : new FaultStream(far, toClient));
        var transport = new PipeClientTransport(near, toServer is null ? near : new FaultStream(near, toServer));
        var options = new McpClientOptions { Revision = revision, Timeouts = new RequestTimeouts { Timeout = TimeSpan.FromMilliseconds(300) } };
        var answered = 0;
        try
        {
            await using var client = await McpClient.ConnectAsync(around?.Invoke(transport) ?? transport, options).WaitAsync(Patience);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => CallAsync(client)));
        }
        catch (Exception fault) when (IsClear(fault))
        {
            // No conversation came about, and the caller knows why.
        }
        finally
        {
            await near.DisposeAsync();
        }

        await serving.WaitAsync(Patience);
        return answered;

        async Task CallAsync(McpClient client)
        {
            try
            {
                (await client.CallToolAsync("progress", null, new RequestOptions { OnProgress = _ => { } }).WaitAsync(Patience)).Tool.Should().Be("progress");
                Interlocked.Increment(ref answered);
            }
            catch (Exception fault) when (IsClear(fault))
            {
                fault.Message.Should().NotBeEmpty();
            }
        }
    }

    /// <summary>What callers are told to expect. A <see cref="TimeoutException"/> of <see cref="Patience"/> is none of it.</summary>
    private static bool IsClear(Exception fault) => fault
        is TransportClosedException or ConnectException or RequestTimedOutException or JsonRpcException or ProtocolFaultException;
}
