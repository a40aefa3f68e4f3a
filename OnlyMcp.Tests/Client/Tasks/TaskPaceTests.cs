using System.Globalization;
using OnlyMcp.Client;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Client.Tasks.TaskScript;

namespace OnlyMcp.Tests.Client.Tasks;

/// <summary>How often a client asks about a task, and for how long it bears that it cannot.</summary>
public sealed class TaskPaceTests
{
    [TestCase(null, 1_000)]
    [TestCase("0", 50)]
    [TestCase("-5", 50)]
    [TestCase("-9223372036854775808", 50)]
    [TestCase("49", 50)]
    [TestCase("2500", 2_500)]
    [TestCase("60001", 60_000)]
    [TestCase("1000000000000000", 60_000)]
    [TestCase("9223372036854775807", 60_000)]
    [Spec("ext-tasks tasks §Task Polling")]
    [Spec("2025-11-25 basic/utilities/tasks §TTL and Resource Management")]
    public async Task The_server_says_how_often_it_is_asked_within_reason(string? interval, int expected)
    {
        var time = new ManualTime();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Timed(time));
        var more = interval is null ? "" : string.Create(CultureInfo.InvariantCulture, $""","pollIntervalMs":{interval}""");

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("working", more));
        for (var i = 0; i < 2; i++)
        {
            await PassAsync(time, TimeSpan.FromMilliseconds(expected));
            await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working", more));
        }

        await PassAsync(time, TimeSpan.FromMilliseconds(expected));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","result":{Done}"""));
        (await calling).Text.Should().Be("done");
    }

    [Test]
    public void No_server_is_asked_without_a_pause() =>
        FluentActions.Invoking(() => new ClientTaskOptions { MinPollInterval = TimeSpan.Zero }).Should().Throw<ArgumentOutOfRangeException>();

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task The_interval_may_change_while_the_task_lives()
    {
        var time = new ManualTime();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Timed(time));

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("working", ""","pollIntervalMs":2000"""));
        await PassAsync(time, TimeSpan.FromSeconds(2));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("working", ""","pollIntervalMs":7000"""));
        await PassAsync(time, TimeSpan.FromSeconds(7));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","result":{Done}"""));

        (await calling).Text.Should().Be("done");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task A_server_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says()
    {
        var time = new ManualTime();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Timed(time));

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await PassAsync(time, TimeSpan.FromSeconds(1));
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/get"), 429, """{"retryAfter":12.5}""");
        await PassAsync(time, TimeSpan.FromSeconds(12.5));
        await pipe.ErrorAsync(await pipe.NextAsync("tasks/get"), 429, """{"retryAfter":86400}""");
        await PassAsync(time, TimeSpan.FromMinutes(1));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/get"), Got("completed", $""","result":{Done}"""));

        (await calling).Text.Should().Be("done");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task A_question_that_is_not_answered_in_time_is_asked_again_and_at_last_given_up()
    {
        var time = new ManualTime();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, new McpClientOptions
        {
            TimeProvider = time,
            Tasks = new ClientTaskOptions { GiveUpAfter = TimeSpan.FromSeconds(30) },
        });

        var calling = client.CallToolAsync("t", options: new RequestOptions { Timeouts = new RequestTimeouts { Timeout = TimeSpan.FromSeconds(20) } });
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await PassAsync(time, TimeSpan.FromSeconds(1));
        await UnansweredAsync();
        await AfterAPauseAsync();
        await UnansweredAsync();
        await AfterAPauseAsync();
        await UnansweredAsync();

        await calling.Awaiting(task => task).Should().ThrowAsync<RequestTimedOutException>().WithMessage("'tasks/get'*");

        async Task UnansweredAsync()
        {
            // Its time runs from before it is sent.
            await pipe.NextAsync("tasks/get");
            time.Advance(TimeSpan.FromSeconds(20));
            await pipe.NextAsync("notifications/cancelled");
        }

        async Task AfterAPauseAsync()
        {
            await SessionTests.Eventually(() => time.HasTimerWithin(TimeSpan.FromSeconds(3)));
            time.Advance(TimeSpan.FromSeconds(3));
        }
    }

    [Test]
    [Spec("2025-11-25 basic/lifecycle §Timeouts")]
    public async Task A_total_bounds_the_whole_of_a_call_and_the_task_is_cancelled_then()
    {
        var time = new ManualTime();
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe, Timed(time));

        var calling = client.CallToolAsync("t", options: new RequestOptions { Timeouts = new RequestTimeouts { Total = TimeSpan.FromSeconds(30) } });
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created("working", ""","pollIntervalMs":50000"""));
        await SessionTests.Eventually(() => time.HasTimerIn(TimeSpan.FromSeconds(50)));
        time.Advance(TimeSpan.FromSeconds(30));
        await pipe.ResultAsync(await pipe.NextAsync("tasks/cancel"), """{"resultType":"complete"}""");

        await calling.Awaiting(task => task).Should().ThrowAsync<RequestTimedOutException>().WithMessage("'tools/call'*30 s*");
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task A_pipe_that_is_gone_ends_the_wait_at_once()
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await ModernAsync(pipe);

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await pipe.NextAsync("tasks/get");
        await pipe.DisposeAsync();

        await calling.Awaiting(task => task).Should().ThrowAsync<TransportClosedException>();
    }

    [Test]
    [Spec("ext-tasks tasks §Task Polling")]
    public async Task Disposing_the_client_ends_the_wait_and_leaves_the_task_alone()
    {
        var time = new ManualTime();
        await using var pipe = new ScriptedPipe();
        var client = await ModernAsync(pipe, Timed(time));

        var calling = client.CallToolAsync("t");
        await pipe.ResultAsync(await pipe.NextAsync("tools/call"), Created());
        await SessionTests.Eventually(() => time.HasTimerIn(TimeSpan.FromSeconds(1)));
        await client.DisposeAsync();

        await calling.Awaiting(task => task).Should().ThrowAsync<TransportClosedException>().WithMessage("The client was disposed.");
        await pipe.Awaiting(script => script.NextAsync()).Should().ThrowAsync<EndOfStreamException>("nothing is sent any more");
    }

    /// <summary>No other clock runs: what rings is what the test is about.</summary>
    private static McpClientOptions Timed(ManualTime time) => new() { TimeProvider = time, Timeouts = RequestTimeouts.None };

    /// <summary>Lets a time pass that somebody waits for, to the tick.</summary>
    private static async Task PassAsync(ManualTime time, TimeSpan wait)
    {
        await SessionTests.Eventually(() => time.HasTimerIn(wait));
        time.Advance(wait);
    }
}
