using System.Globalization;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Guide;

/// <summary>The code of docs/guide/tasks.md: each region stands there, and runs here.</summary>
public sealed class TasksPage
{
    [TestCase("2026-07-28", "render", "scan all")]
    [TestCase("2025-11-25", "render", "search", "scan", "scan all")]
    [TestCase("2025-06-18")]
    public async Task Three_ways(string revision, params string[] tasks)
    {
        var server = new McpServer("studio", "1.0.0");

        #region ways
        server.AddTool("render", "Renders a film", [McpTask] async (string film, CancellationToken cancellation) =>
        {
            await Task.Delay(100, cancellation);
            return $"{film} is rendered.";
        });

        server.AddTool("search", "Searches the archive", [McpTask(AfterSeconds = 5)] (string words) => $"Nothing about {words}.");

        server.AddTool("scan", "Scans reels", [McpTask(AfterSeconds = double.PositiveInfinity)] async (int reels, RequestContext context) =>
        {
            if (reels > 10)
                await context.AsTaskAsync("This takes a while.");
            return $"{reels} reels are scanned.";
        });
        #endregion

        await using var client = await ConnectAsync(server, new McpClientOptions { Revision = KnownRevisions.Find(revision) });
        var begun = new Dictionary<string, ToolTask>
        {
            ["render"] = await client.StartToolAsync("render", new { film = "Metropolis" }),
            ["search"] = await client.StartToolAsync("search", new { words = "robots" }),
            ["scan"] = await client.StartToolAsync("scan", new { reels = 1 }),
            ["scan all"] = await client.StartToolAsync("scan", new { reels = 100 }),
        };
        begun.Where(call => call.Value.Handle is not null).Select(call => call.Key).Should().Equal(tasks);
        (await begun["render"].WaitAsync()).Text.Should().Be("Metropolis is rendered.");
        (await begun["scan all"].WaitAsync()).Text.Should().Be("100 reels are scanned.");
    }

    [TestCase("2026-07-28")]
    [TestCase("2025-11-25")]
    [TestCase("2025-06-18")]
    public async Task Asking_in_the_middle(string revision)
    {
        var server = new McpServer("studio", "1.0.0");
        static Task<int> DrawAsync(string film, CancellationToken cancellation) => Task.FromResult(film.Length);

        #region asking
        server.AddTool("film", "Draws a film", [McpTask(WhenInterrupted = InterruptedTask.RunsAgain)] async (
            string title, RequestContext context, CancellationToken cancellation) =>
        {
            var scenes = await context.OnceAsync("scenes", token => DrawAsync(title, token), cancellation);
            await context.ReportProgressAsync(1, 2, $"{scenes} scenes are drawn.", cancellation);
            var wish = await context.ElicitAsync<Wish>("wish", "Shall there be music?", cancellation);
            return wish is { Value.Music: true } ? "A film with music." : "A silent film.";
        });
        #endregion

        await using var client = await ConnectAsync(server, new McpClientOptions
        {
            Revision = KnownRevisions.Find(revision),
            OnElicit = (_, _, _) => new(ElicitAnswer.Accept(new JsonObject { ["music"] = true })),
        });
        (await client.CallToolAsync("film", new { title = "Nosferatu" })).Text.Should().Be("A film with music.");
    }

    #region asking
    public sealed record Wish(bool Music);
    #endregion

    [TestCase("2026-07-28")]
    [TestCase("2025-11-25")]
    public async Task What_survives(string revision)
    {
        var folder = Directory.CreateTempSubdirectory("onlymcp-guide-").FullName;
        try
        {
            #region store
            await using var store = new FileTaskStore(folder);
            var server = new McpServer("studio", "1.0.0", new McpServerOptions
            {
                Tasks = new TaskOptions { Store = store, TimeToLive = TimeSpan.FromHours(8), MaxRunningPerCaller = 4 },
            });
            #endregion

            server.AddTool("render", "Renders a film", [McpTask] (string film) => $"{film} is rendered.");
            await using var client = await ConnectAsync(server, new McpClientOptions { Revision = KnownRevisions.Find(revision) });
            var task = await client.StartToolAsync("render", new { film = "Metropolis" });
            task.State!.TimeToLive.Should().Be(TimeSpan.FromHours(8));
            (await task.WaitAsync()).Text.Should().Be("Metropolis is rendered.");
            Directory.GetFiles(folder, "*.json").Should().ContainSingle();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase("2026-07-28")]
    [TestCase("2025-11-25")]
    public async Task Clients(string revision)
    {
        var server = new McpServer("studio", "1.0.0");
        server.AddTool("render", "Renders a film", [McpTask] async (string film, RequestContext context, CancellationToken cancellation) =>
        {
            await context.ReportProgressAsync(1, 2, "Half is done.", cancellation);
            await Task.Delay(film == "Satantango" ? Timeout.Infinite : 10, cancellation);
            return $"{film} is rendered.";
        });
        await using var client = await ConnectAsync(server, new McpClientOptions { Revision = KnownRevisions.Find(revision) });
        using var cancellation = new CancellationTokenSource();

        #region clients
        var options = new RequestOptions { OnProgress = news => Console.WriteLine(news.Message), AsTask = true };
        string text = (await client.CallToolAsync("render", new { film = "Metropolis" }, options, cancellation.Token)).Text;

        ToolTask task = await client.StartToolAsync("render", new { film = "Satantango" });
        await task.CancelAsync();
        #endregion

        text.Should().Be("Metropolis is rendered.");
        await FluentActions.Awaiting(() => task.WaitAsync()).Should().ThrowAsync<ToolTaskCancelledException>();
    }

    [Test]
    public async Task Listing()
    {
        var server = new McpServer("studio", "1.0.0");
        server.AddTool("render", "Renders a film", [McpTask] (string film) => $"{film} is rendered.");
        await using var client = await ConnectAsync(server, new McpClientOptions { Revision = KnownRevisions.Find("2025-11-25") });
        await client.CallToolAsync("render", new { film = "Metropolis" }, new RequestOptions { AsTask = true });
        var shown = new List<string>();

        #region listing
        await foreach (var known in client.ListTasksAsync())
            shown.Add($"{known.Id}: {known.Status}");
        #endregion

        shown.Should().ContainSingle().Which.Should().EndWith(": Completed");
    }

    [TestCase(typeof(TaskOptions))]
    [TestCase(typeof(TaskStoreLimits))]
    public void The_page_tells_every_limit_and_its_default(Type limits)
    {
        var names = limits.GetProperties().Where(limit => limit.Name != nameof(TaskOptions.Store));
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "guide", "tasks.md"));
        var defaults = Activator.CreateInstance(limits);

        foreach (var limit in names)
            page.Should().Contain($"| `{limits.Name}.{limit.Name}` | {Shown(limit.GetValue(defaults)!)} |");

        static string Shown(object value) => value switch
        {
            TimeSpan { TotalHours: >= 1 } time => $"{time.TotalHours} h",
            TimeSpan { TotalMinutes: >= 1 } time => $"{time.TotalMinutes} min",
            TimeSpan time => $"{time.TotalSeconds} s",
            int and >= 1 << 20 and var bytes => $"{bytes >> 20} MiB",
            long bytes => $"{bytes >> 20} MiB",
            _ => ((int)value).ToString("N0", CultureInfo.InvariantCulture),
        };
    }

    private static async Task<McpClient> ConnectAsync(McpServer server, McpClientOptions options)
    {
        var (near, far) = InMemoryPipe.Create();
        _ = server.ServeAsync(far, far);
        return await McpClient.ConnectAsync(new PipeClientTransport(near, near), options);
    }
}
