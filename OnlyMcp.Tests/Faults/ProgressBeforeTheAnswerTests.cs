using OnlyMcp.Client;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Faults;

/// <summary>The report that leaves the server right before the result: other clients lose it, or tell it after the result.</summary>
public sealed class ProgressBeforeTheAnswerTests
{
    private const int Calls = 1000;

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow", 3)]
    public async Task Progress_that_is_sent_just_before_the_result_always_arrives_before_it(Way way)
    {
        var server = new McpServer("hasty", "1.0.0");
        server.AddTool("report", "Reports, and answers at once", async (int last, RequestContext context) =>
        {
            for (var progress = 1; progress <= last; progress++)
                await context.ReportProgressAsync(progress);
            return last;
        });
        await using var connected = await way.ConnectAsync(server);

        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (call, stop) =>
        {
            var last = (call % 3) + 1;
            var told = new List<double>();
            var answered = false;
            var late = false;
            var options = new RequestOptions
            {
                OnProgress = news =>
                {
                    late |= Volatile.Read(ref answered);
                    told.Add(news.Progress);
                },
            };

            await connected.Client.CallToolAsync("report", new { last }, options, stop);
            Volatile.Write(ref answered, true);

            told.Should().Equal(Enumerable.Range(1, last).Select(progress => (double)progress));
            late.Should().BeFalse();
        });
    }
}
