using System.Collections.Concurrent;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Faults;

/// <summary>Two clients on one server whose requests have the same ids at the same time, and so the same progress tokens.</summary>
public sealed class EqualIdsTests
{
    private const int Calls = 1000;
    private const int AtATime = 40;

    // A process of its own would only carry the bytes of the pipe.
    private static IEnumerable<Way> Ways => Way.All.Where(way => way.Transport != "stdio");

    [TestCaseSource(nameof(Ways))]
    [Spec("2026-07-28 basic §Requests")]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow")]
    public async Task Two_clients_with_equal_ids_each_get_their_own_answers_notifications_and_progress(Way way)
    {
        var meetings = new ConcurrentDictionary<RequestId, Meeting>();
        var server = new McpServer("both", "1.0.0");
        server.AddTool("say", "Says it in every way there is", async (string text, RequestContext context) =>
        {
            await meetings.GetOrAdd(context.Request.Id, _ => new Meeting()).ArriveAsync();
            await context.ReportProgressAsync(1, message: text);
            await context.LogAsync(LoggingLevel.Info, text);
            await context.ReportProgressAsync(2, message: text);
            return text;
        });
        var logs = new[] { new ConcurrentQueue<string>(), new ConcurrentQueue<string>() };
        await using var connected = await way.ConnectAsync(server, [.. logs.Select(Listening)]);

        await Task.WhenAll(ConverseAsync(connected.Clients[0], "one"), ConverseAsync(connected.Clients[1], "other"));

        meetings.Should().HaveCount(Calls, "each call of one met the call of the other with its id");
        logs[0].Should().BeEquivalentTo(Texts("one"));
        logs[1].Should().BeEquivalentTo(Texts("other"));
    }

    private static McpClientOptions Listening(ConcurrentQueue<string> log) =>
        new() { LogLevel = LoggingLevel.Info, OnLog = line => log.Enqueue(line.Data.GetString()!) };

    private static IEnumerable<string> Texts(string client) => Enumerable.Range(0, Calls).Select(i => $"{client} {i}");

    private static Task ConverseAsync(McpClient client, string name) => Parallel.ForEachAsync(
        Texts(name),
        new ParallelOptions { MaxDegreeOfParallelism = AtATime },
        async (text, stop) =>
        {
            var progress = new List<(double, string?)>();
            var options = new RequestOptions { OnProgress = news => progress.Add((news.Progress, news.Message)) };

            var answer = await client.CallToolAsync("say", new { text }, options, stop);

            answer.Text.Should().Be(text);
            progress.Select(news => news.Item1).Should().Equal(1, 2);

            // Progress has had words since 2025-03-26.
            progress.Select(news => news.Item2).Should().OnlyContain(message => message == text || message == null);
        });

    /// <summary>Holds the first of two until the second is there.</summary>
    private sealed class Meeting
    {
        private readonly TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int arrived;

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref arrived) == 2)
                both.SetResult();
            return both.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }
}
