using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.JsonRpc;

/// <summary>One clock tells the times of all pending requests.</summary>
public sealed class PendingTimesTests
{
    private readonly ManualTime time = new();

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Timeouts")]
    public async Task Each_request_has_its_own_time_whichever_was_asked_first()
    {
        var conversation = new Conversation(time, _ => { });
        var late = Ask(conversation, 1, new RequestTimeouts { Timeout = TimeSpan.FromSeconds(30) });
        var soon = Ask(conversation, 2, new RequestTimeouts { Timeout = TimeSpan.FromSeconds(10) });

        time.Advance(TimeSpan.FromSeconds(10));
        await soon.Awaiting(wait => wait).Should().ThrowAsync<RequestTimedOutException>().WithMessage("*10 s*");
        late.IsCompleted.Should().BeFalse();

        var later = Ask(conversation, 3, new RequestTimeouts { Timeout = TimeSpan.FromSeconds(30) });
        time.Advance(TimeSpan.FromSeconds(20));
        await late.Awaiting(wait => wait).Should().ThrowAsync<RequestTimedOutException>().WithMessage("*30 s*");
        later.IsCompleted.Should().BeFalse();

        time.Advance(TimeSpan.FromSeconds(10));
        await later.Awaiting(wait => wait).Should().ThrowAsync<RequestTimedOutException>();
    }

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Timeouts")]
    public async Task Many_requests_that_are_answered_need_one_timer()
    {
        var conversation = new Conversation(time, _ => { });
        for (var id = 1; id <= 100; id++)
        {
            var asking = Ask(conversation, id, RequestTimeouts.Default);
            conversation.Pending.Complete(new JsonRpcResultResponse(id, new JsonBody("{}"u8.ToArray()))).Should().BeTrue();
            (await asking).ToString().Should().Be("{}");
        }

        time.Running.Should().Be(1);
        time.Advance(TimeSpan.FromMinutes(1));
        time.Running.Should().Be(0, "nothing is pending");
    }

    [Test]
    public async Task What_was_answered_before_anybody_waited_is_there_and_a_wait_that_was_cancelled_may_be_begun_again()
    {
        var conversation = new Conversation(time, _ => { });
        using var entry = conversation.Pending.Add(new JsonRpcRequest(1, "m"), RequestTimeouts.Default, conversation.Notifications);
        using var stop = new CancellationTokenSource();
        var first = entry.WaitAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await first.Awaiting(wait => wait).Should().ThrowAsync<OperationCanceledException>();

        conversation.Pending.Complete(new JsonRpcResultResponse(1, new JsonBody("{}"u8.ToArray()))).Should().BeTrue();

        (await entry.WaitAsync(CancellationToken.None)).ToString().Should().Be("{}");
    }

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Timeouts")]
    public async Task A_clock_that_stood_still_while_the_other_side_waited_for_us_goes_on_from_its_beginning()
    {
        var conversation = new Conversation(time, _ => { });
        var asking = Ask(conversation, 1, new RequestTimeouts { Timeout = TimeSpan.FromSeconds(10) });
        time.Advance(TimeSpan.FromSeconds(9));

        using (conversation.Pending.Hold())
        using (conversation.Pending.Hold())
            time.Advance(TimeSpan.FromMinutes(5));
        time.Advance(TimeSpan.FromSeconds(9));
        asking.IsCompleted.Should().BeFalse("it has ten seconds once more");

        time.Advance(TimeSpan.FromSeconds(1));
        await asking.Awaiting(wait => wait).Should().ThrowAsync<RequestTimedOutException>();
    }

    [Test]
    public async Task Only_an_answer_that_may_take_its_time_is_gone_on_with_where_it_came()
    {
        foreach (var inline in new[] { true, false })
        {
            var conversation = new Conversation(time, _ => { });
            var (here, release) = (Environment.CurrentManagedThreadId, new TaskCompletionSource<int>());
            var asking = GoOn(conversation, inline ? null : release.Task);

            conversation.Pending.Complete(new JsonRpcResultResponse(1, new JsonBody("{}"u8.ToArray())), inline).Should().BeTrue();
            asking.IsCompleted.Should().Be(inline);
            release.SetResult(0);
            (await asking == here).Should().Be(inline);
        }

        // Blocks its thread until the one who completes has come back: where it goes on there, that would be for ever.
        static async Task<int> GoOn(Conversation conversation, Task? other)
        {
            using var entry = conversation.Pending.Add(new JsonRpcRequest(1, "m"), RequestTimeouts.Default, conversation.Notifications);
            await entry.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            other?.Wait(TimeSpan.FromSeconds(20));
            return other is null || other.IsCompletedSuccessfully ? Environment.CurrentManagedThreadId : 0;
        }
    }

    private static async Task<JsonBody> Ask(Conversation conversation, long id, RequestTimeouts timeouts)
    {
        using var entry = conversation.Pending.Add(new JsonRpcRequest(id, "m"), timeouts, conversation.Notifications);
        return await entry.WaitAsync(CancellationToken.None);
    }
}
