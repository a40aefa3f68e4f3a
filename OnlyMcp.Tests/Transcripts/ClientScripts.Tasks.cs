using System.Text.Json.Nodes;
using System.Threading.Channels;
using OnlyMcp.Client;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Client;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transcripts;

/// <content>Calls that become tasks.</content>
internal static partial class ClientScripts
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Has a request of one's own declare that tasks can be taken.</summary>
    private static RequestOptions AboutTasks { get; } = new() { ResultTypes = [TasksExtension.ResultType] };

    private static ClientScript WithQuestions()
    {
        var passed = Channel.CreateUnbounded<string>();
        return new(async client =>
        {
            var catering = await client.StartToolAsync("cater");
            (await catering.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Working);
            await client.CallToolAsync("next");

            // Waits until what the task asks is answered, and no longer: by then it would look again.
            using var stop = new CancellationTokenSource();
            var waiting = catering.WaitAsync(cancellationToken: stop.Token);
            await passed.Reader.ReadAsync();
            await stop.CancelAsync();
            await waiting.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();

            (await catering.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Working);
            await client.CallToolAsync("next");
            (await catering.WaitAsync()).Text.Should().Be("Soup for 2.");
        })
        {
            Options = options => options with
            {
                OnElicit = (asked, _, _) => new(asked.Message.StartsWith("What", StringComparison.Ordinal)
                    ? ElicitAnswer.Accept(new JsonObject { ["name"] = "Soup" })
                    : ElicitAnswer.Accept(new JsonObject { ["guests"] = 2, ["day"] = "2026-12-24" })),
                MessageMiddleware = [Noting(passed = Channel.CreateUnbounded<string>(), AnswersTo(Methods.TasksUpdate))],
            },
        };
    }

    /// <summary>Whoever calls a tool need not know that the call becomes a task.</summary>
    private static ClientScript WithATaskInTheEnd()
    {
        var time = new ManualTime();
        return new(async client =>
        {
            var travelling = client.CallToolAsync("travel");
            await SessionTests.Eventually(() => time.HasTimerIn(PollInterval));
            await client.CallToolAsync("next");
            time.Advance(PollInterval);
            (await travelling).Text.Should().Be("A seat to Rome.");
        })
        {
            Options = options => Answering(options, ElicitAnswer.Accept(new JsonObject { ["city"] = "Rome" })) with { TimeProvider = time },
        };
    }

    /// <summary>Notes each message of some kind when it has passed.</summary>
    private static MessageMiddleware Noting(Channel<string> passed, Func<JsonRpcMessage, bool> isOne) => async (passing, next, cancellationToken) =>
    {
        var isIt = isOne(passing.Message);
        await next(passing, cancellationToken);
        if (isIt)
            passed.Writer.TryWrite("passed");
    };

    private static Func<JsonRpcMessage, bool> AnswersTo(string method)
    {
        RequestId? asked = null;
        return message =>
        {
            if (message is JsonRpcRequest request && request.Method == method)
                asked = request.Id;
            return message is JsonRpcResultResponse answer && answer.Id == asked;
        };
    }

    private static async Task TellsAsync(IAsyncEnumerator<ServerChange> news, McpTaskStatus status)
    {
        (await news.MoveNextAsync()).Should().BeTrue();
        news.Current.Should().BeOfType<TaskChanged>().Which.Task.Status.Should().Be(status);
    }
}
