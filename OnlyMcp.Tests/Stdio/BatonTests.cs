using System.Diagnostics;
using OnlyMcp.Server.Stdio;

namespace OnlyMcp.Tests.Stdio;

/// <summary>When reading is handed on: at once where handlers were slow lately, and else at the second look at one that runs.</summary>
public sealed class BatonTests
{
    private const int Doubts = 32;

    private int handedOn;
    private Baton baton = null!;

    [SetUp]
    public void Make()
    {
        handedOn = 0;
        baton = new Baton(() => Interlocked.Increment(ref handedOn));
    }

    [Test]
    public void A_handler_that_does_not_come_back_is_handed_on_from_once()
    {
        var run = baton.Begin();
        SpinWait.SpinUntil(() => Volatile.Read(ref handedOn) > 0, TimeSpan.FromSeconds(60)).Should().BeTrue();
        for (var i = 0; i < 5; i++)
            baton.Look();

        handedOn.Should().Be(1);
        baton.End(run).Should().BeFalse("somebody else reads by now");
    }

    [Test]
    public void Handlers_are_trusted_again_when_enough_of_them_came_back_soon()
    {
        baton.End(baton.BeginTrusted() with { Started = 0 });

        for (var i = 0; i < Doubts; i++)
        {
            var run = baton.Begin();
            run.IsHandedOn.Should().BeTrue();
            baton.End(run with { Started = Quick }).Should().BeFalse();
        }

        handedOn.Should().Be(Doubts);
        baton.Begin().IsHandedOn.Should().BeFalse();
    }

    [Test]
    public void Handlers_that_come_back_at_the_same_time_are_trusted_again_too()
    {
        const int Threads = 4;
        using var together = new Barrier(Threads);
        for (var round = 0; round < 500; round++)
        {
            baton.End(baton.BeginTrusted() with { Started = 0 });
            var run = baton.Begin();
            var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
            {
                together.SignalAndWait();
                for (var i = 0; i < Doubts; i++)
                    baton.End(run with { Started = Quick });
            })).ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());

            var next = baton.Begin();
            next.IsHandedOn.Should().BeFalse("in round {0}", round);
            baton.End(next with { Started = Quick });
        }
    }

    /// <summary>When a handler has started that comes back soon, however long this machine takes until it does.</summary>
    private static long Quick => Stopwatch.GetTimestamp() + 3600 * Stopwatch.Frequency;
}
