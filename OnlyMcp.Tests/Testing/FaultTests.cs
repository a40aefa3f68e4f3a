using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Testing;

/// <summary>What goes wrong on purpose, and that it goes wrong in the same way each time.</summary>
public sealed class FaultTests
{
    private static readonly string[] Five = ["{1}", "{2}", "{3}", "{4}", "{5}"];

    [Test]
    public async Task A_stream_is_cut_at_the_very_byte()
    {
        (await ThroughAsync(new FaultPlan { CutAfterBytes = 6 }, Five)).Should().Be("{1}\n{2");
        (await ThroughAsync(new FaultPlan { CutAfterBytes = 0 }, Five)).Should().Be("");
        (await ThroughAsync(new FaultPlan { CutAfterMessages = 2 }, Five)).Should().Be("{1}\n{2}\n");
    }

    [Test]
    public async Task Messages_come_twice_or_overtake_each_other_or_have_another_byte()
    {
        (await ThroughAsync(new FaultPlan { Duplicated = 1 }, Five)).Should().Be("{1}\n{1}\n{2}\n{2}\n{3}\n{3}\n{4}\n{4}\n{5}\n{5}\n");
        (await ThroughAsync(new FaultPlan { Overtaken = 1, Delay = TimeSpan.FromMilliseconds(1), Seed = 1 }, Five)).Should().StartWith("{2}\n{1}\n{4}\n{3}\n");

        var garbled = await ThroughAsync(new FaultPlan { Garbled = 1 }, Five);
        garbled.Count(letter => letter == '\n').Should().Be(5);
        garbled.Split('\n').Take(5).Zip(Five).Should().OnlyContain(pair => pair.First != pair.Second);
    }

    [Test]
    public async Task The_same_seed_goes_wrong_in_the_same_way()
    {
        var lines = Enumerable.Range(0, 50).Select(i => $"line {i}").ToArray();
        var plan = new FaultPlan { Seed = 7, Garbled = 0.3, Duplicated = 0.3 };

        var once = await ThroughAsync(plan, lines);

        (await ThroughAsync(plan, lines)).Should().Be(once);
        (await ThroughAsync(plan with { Seed = 8 }, lines)).Should().NotBe(once);
    }

    [Test]
    public async Task Messages_come_late_by_the_clock_of_the_plan()
    {
        var time = new ManualTime();
        var sent = new List<JsonRpcMessage>();
        await using var transport = new FaultTransport(new Noted(sent), new FaultPlan { Delayed = 1, Delay = TimeSpan.FromSeconds(1), TimeProvider = time });
        await transport.StartAsync(new RecordedMessages(), default);

        var sending = transport.SendAsync(new JsonRpcNotification("late"), default);
        sent.Should().BeEmpty();
        time.Advance(TimeSpan.FromSeconds(1));
        await sending.WaitAsync(TimeSpan.FromSeconds(30));
        sent.Should().ContainSingle();
    }

    [Test]
    public async Task A_transport_is_cut_for_both_directions()
    {
        var receiver = new RecordedMessages();
        await using var transport = new FaultTransport(new Noted([]), new FaultPlan { CutAfterMessages = 1 });
        await transport.StartAsync(receiver, default);

        await transport.SendAsync(new JsonRpcNotification("first"), default);
        var second = () => transport.SendAsync(new JsonRpcNotification("second"), default);

        await second.Should().ThrowAsync<TransportClosedException>();
        (await receiver.WhyClosed).Message.Should().Contain("cut");
    }

    [Test]
    public async Task What_is_garbled_may_be_no_message_any_more()
    {
        var receiver = new RecordedMessages();
        var inner = new Noted([]);
        await using var transport = new FaultTransport(inner, toClient: new FaultPlan { Garbled = 1, Seed = 3 });
        await transport.StartAsync(receiver, default);
        for (var i = 0; i < 20; i++)
            inner.Receiver!.Receive(new JsonRpcRequest(i, "m"));

        (await receiver.NextMalformedAsync()).Text.Should().NotBeEmpty();
    }

    private static async Task<string> ThroughAsync(FaultPlan plan, string[] lines)
    {
        var (near, far) = InMemoryPipe.Create();
        await using (var faulty = new FaultStream(near, plan))
        {
            try
            {
                foreach (var line in lines)
                    await faulty.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
                if (plan.Overtaken > 0)
                    await Task.Yield();
            }
            catch (IOException)
            {
                faulty.IsCut.Should().BeTrue();
                (await faulty.ReadAsync(new byte[1])).Should().Be(0, "the way is cut in both directions");
            }
        }

        using var reader = new StreamReader(far, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    private sealed class Noted(List<JsonRpcMessage> sent) : IClientTransport
    {
        public IMessageReceiver? Receiver { get; private set; }

        public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
        {
            Receiver = receiver;
            return Task.CompletedTask;
        }

        public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
        {
            sent.Add(message);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => default;
    }
}
