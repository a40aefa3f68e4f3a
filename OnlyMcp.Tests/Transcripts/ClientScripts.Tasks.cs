using System.Text.Json.Nodes;
using System.Threading.Channels;
using OnlyMcp.Client;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
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

    private static (string Method, string Params, int Code)[] NotThere { get; } =
    [
        ("tasks/update", """{"taskId":"nope","inputResponses":{}}""", ErrorCode.InvalidParams),
        ("tasks/cancel", """{"taskId":"nope"}""", ErrorCode.InvalidParams),
        ("tasks/result", """{"taskId":"nope"}""", ErrorCode.MethodNotFound),
        ("tasks/list", "{}", ErrorCode.MethodNotFound),
    ];

    private static (string Method, string Params, int Code)[] NotThereInLegacy { get; } =
    [
        ("tasks/result", """{"taskId":"nope"}""", ErrorCode.InvalidParams),
        ("tasks/cancel", """{"taskId":"nope"}""", ErrorCode.InvalidParams),
        ("tasks/update", """{"taskId":"nope","inputResponses":{}}""", ErrorCode.MethodNotFound),
    ];

    private static Dictionary<string, ClientScript> OfTasks() => new()
    {
        ["task"] = new(async client =>
        {
            var baking = await client.StartToolAsync("bake");
            (await baking.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Working);
            await client.CallToolAsync("next");
            (await baking.WaitAsync()).Text.Should().Be("A loaf of bread.");
            (await client.CallToolAsync("slice")).Text.Should().Be("Ten slices.");
        }),
        ["task-input"] = WithQuestions(),
        ["task-required"] = WithTime(async (client, time) =>
        {
            // Whoever calls a tool need not know that it runs as a task alone.
            var roasting = client.CallToolAsync("roast");
            await SessionTests.Eventually(() => time.HasTimerIn(PollInterval));
            await client.CallToolAsync("next");
            time.Advance(PollInterval);
            (await roasting).Text.Should().Be("A roast.");
        }),
        ["task-list"] = new(async client =>
        {
            await client.StartToolAsync("bake");
            await client.StartToolAsync("bake");
            (await client.ListTasksAsync().ToListAsync()).Should().HaveCount(2).And.OnlyContain(task => task.Status == McpTaskStatus.Working);
            await RefusedAsync(client.SendRequestAsync("tasks/list", Body("""{"cursor":"x"}""")), ErrorCode.InvalidParams);
        }),
        ["task-status"] = WithNewsOfStatus(),
        ["task-progress"] = new(async client =>
        {
            List<double> reports = [];
            var listening = new RequestOptions { OnProgress = report => reports.Add(report.Progress) };
            var proofing = await client.StartToolAsync("proof", options: listening);
            await client.CallToolAsync("next");
            await proofing.RefreshAsync();
            await SessionTests.Eventually(() => reports.Count == 1);
            await client.CallToolAsync("next");
            (await proofing.WaitAsync()).Text.Should().Be("Risen.");
            reports.Should().Equal(1);
        }),
        ["task-cancel"] = new(async client =>
        {
            var baking = await client.StartToolAsync("bake");
            await baking.CancelAsync();
            if (client.Era == Era.Legacy)
                await client.ResumeTask(baking.Handle!).CancelAsync();
            (await baking.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Cancelled);
            await baking.Awaiting(task => task.WaitAsync()).Should().ThrowAsync<ToolTaskCancelledException>();
            if (client.Era == Era.Legacy)
            {
                var parameters = Body($$"""{"taskId":"{{baking.Handle!.TaskId}}"}""");
                await RefusedAsync(client.SendRequestAsync("tasks/result", parameters), ErrorCode.InternalError);
            }
        }),
        ["task-failed"] = new(async client =>
        {
            var burning = await client.StartToolAsync("burn");
            await client.CallToolAsync("next");
            (await burning.RefreshAsync())!.IsFinal.Should().BeTrue();
            (await burning.WaitAsync()).IsError.Should().BeTrue();

            var flooding = await client.StartToolAsync("flood");
            await client.CallToolAsync("next");
            (await flooding.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Failed);
            await RefusedAsync(flooding.WaitAsync(), ErrorCode.InternalError);
        }),
        ["task-unknown"] = new(async client =>
        {
            var nope = client.ResumeTask(new TaskHandle { TaskId = "nope", Tool = "bake" });
            await nope.Awaiting(task => task.RefreshAsync()).Should().ThrowAsync<TaskNotFoundException>();
            foreach (var (method, parameters, code) in client.Era == Era.Modern ? NotThere : NotThereInLegacy)
                await RefusedAsync(client.SendRequestAsync(method, Body(parameters), AboutTasks), code);
        }),
        ["task-subscription"] = new(async client =>
        {
            var baking = await client.StartToolAsync("bake");
            await using (var news = await ListenAsync(client, new SubscriptionFilter { TaskIds = [baking.Handle!.TaskId, "nope"] }))
            {
                await TellsAsync(news, McpTaskStatus.Working);
                await client.CallToolAsync("next");
                await TellsAsync(news, McpTaskStatus.Completed);
            }

            (await baking.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Completed);
        }),
        ["task-after-rounds"] = WithTime(
            async (client, time) =>
            {
                var travelling = client.CallToolAsync("travel");
                await SessionTests.Eventually(() => time.HasTimerIn(PollInterval));
                await client.CallToolAsync("next");
                time.Advance(PollInterval);
                (await travelling).Text.Should().Be("A seat to Rome.");
            },
            ElicitAnswer.Accept(new JsonObject { ["city"] = "Rome" })),
    };

    private static ClientScript WithQuestions()
    {
        var passed = Channel.CreateUnbounded<string>();
        return new(async client =>
        {
            if (client.Era == Era.Legacy)
            {
                var ordering = await client.StartToolAsync("order");
                (await ordering.RefreshAsync())!.Status.Should().Be(McpTaskStatus.Working);
                await client.CallToolAsync("next");
                (await ordering.WaitAsync()).Text.Should().Be("Soup.");
                return;
            }

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

    private static ClientScript WithNewsOfStatus()
    {
        var told = Channel.CreateUnbounded<string>();
        return new(async client =>
        {
            var baking = await client.StartToolAsync("bake");
            await client.CallToolAsync("next");
            (await told.Reader.ReadAsync()).Should().Be(Methods.TasksStatus);
            await baking.RefreshAsync();
            (await baking.WaitAsync()).Text.Should().Be("A loaf of bread.");
        })
        {
            Options = options => options with
            {
                OnNotification = news =>
                {
                    told.Writer.TryWrite(news.Method);
                    return ValueTask.CompletedTask;
                },
            },
        };
    }

    private static ClientScript WithTime(Func<McpClient, ManualTime, Task> run, params ElicitResult[] answers)
    {
        var time = new ManualTime();
        return new(client => run(client, time))
        {
            Options = options => (answers.Length > 0 ? Answering(options, answers) : options) with { TimeProvider = time },
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
