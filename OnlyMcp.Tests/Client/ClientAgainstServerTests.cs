using OnlyMcp.Client;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>Our client against our server, over transport x revision.</summary>
[Spec("2026-07-28 basic/versioning §Compatibility Matrix")]
public sealed class ClientAgainstServerTests
{
    private static readonly string?[] Versions = [null, .. KnownRevisions.All.Select(revision => revision.Version)];

    [Test]
    [Spec("2026-07-28 basic", 1)]
    public async Task A_conversation_runs([Values("pipe", "http")] string transport, [ValueSource(nameof(Versions))] string? version)
    {
        var logged = new List<string>();
        await using var pair = await ConnectAsync(transport, version, new McpClientOptions
        {
            OnLog = line => logged.Add(line.Data.GetString()!),
            LogLevel = Protocol.Schema.LoggingLevel.Info,
        });
        var client = pair.Client;

        client.ProtocolVersion.Should().Be(version ?? "2026-07-28");
        (client.ServerInfo!.Name, client.Instructions).Should().Be(("adder", "Add."));
        await client.PingAsync();
        (await client.ListToolsAsync().Select(tool => tool.Name).ToArrayAsync()).Should().BeEquivalentTo("add", "sum", "fail", "count", "wait");
        (await client.CallToolAsync("add", new { a = 1, b = 2 })).Text.Should().Be("3");
        (await client.CallToolAsync<Sum>("sum", new { a = 1, b = 2 })).Should().Be(new Sum(3));
        (await client.CallToolAsync("add", new { a = "x" })).IsError.Should().BeTrue("a model can mend its arguments");
        await client.Awaiting(it => it.CallToolAsync<Sum>("fail")).Should().ThrowAsync<ToolFailedException>();
        (await client.Awaiting(it => it.CallToolAsync("none")).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(-32602);
        (await client.Awaiting(it => it.SendRequestAsync("no/such")).Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(-32601);
        logged.Should().BeEmpty();
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/progress §Progress Flow")]
    public async Task Every_report_of_progress_and_every_line_of_log_comes_in_order_before_the_answer(
        [Values("pipe", "http")] string transport, [ValueSource(nameof(Versions))] string? version)
    {
        var seen = new List<string>();
        await using var pair = await ConnectAsync(transport, version, new McpClientOptions
        {
            OnLog = line => seen.Add($"log {line.Data.GetString()}"),
            LogLevel = Protocol.Schema.LoggingLevel.Info,
        });

        var answer = await pair.Client.CallToolAsync("count", new { to = 100 }, new RequestOptions { OnProgress = news => seen.Add($"at {news.Progress}") });

        answer.Text.Should().Be("100");
        seen.Should().Equal(Enumerable.Range(1, 100).SelectMany(i => new[] { $"at {i}", $"log {i}" }));
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/cancellation §Transport-Specific Cancellation")]
    public async Task Cancelling_reaches_the_tool([Values("pipe", "http")] string transport, [ValueSource(nameof(Versions))] string? version)
    {
        await using var pair = await ConnectAsync(transport, version);
        using var cancel = new CancellationTokenSource();

        var calling = pair.Client.CallToolAsync("wait", cancellationToken: cancel.Token);
        await pair.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await cancel.CancelAsync();

        await calling.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await pair.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        (await pair.Client.CallToolAsync("add", new { a = 2, b = 2 })).Text.Should().Be("4", "the conversation goes on");
    }

    [Test]
    public async Task Many_calls_run_at_a_time([Values("pipe", "http")] string transport, [ValueSource(nameof(Versions))] string? version)
    {
        await using var pair = await ConnectAsync(transport, version);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => pair.Client.CallToolAsync("add", new { a = i, b = 1 })));

        answers.Select(answer => answer.Text).Should().Equal(Enumerable.Range(1, 50).Select(i => $"{i}"));
    }

    [Test]
    public async Task A_server_of_one_revision_is_found_by_a_client_of_all(
        [Values("pipe", "http")] string transport, [Values("2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")] string version)
    {
        await using var pair = await ConnectAsync(transport, null, serves: KnownRevisions.Find(version));

        pair.Client.ProtocolVersion.Should().Be(version);
        (await pair.Client.CallToolAsync("add", new { a = 1, b = 2 })).Text.Should().Be("3");
    }

    [Test]
    public async Task A_program_is_started_and_called()
    {
        string[] command = Programs.Command("StdioServer");
        await using var client = await McpClient.StartAsync(command[0], command[1..], new McpClientOptions { ProbeTimeout = TimeSpan.FromSeconds(30) });

        client.Era.Should().Be(Era.Modern);
        (await client.ListToolsAsync().CountAsync()).Should().BePositive();
    }

    [Test]
    public async Task A_program_that_ends_at_once_is_told_with_its_last_words()
    {
        string[] command = Programs.Command("StdioServer");

        var fault = await FluentActions.Awaiting(() => McpClient.StartAsync(command[0], [.. command[1..], "exit"])).Should().ThrowAsync<TransportClosedException>();

        fault.Which.ExitCode.Should().Be(3);
        fault.Which.StandardErrorTail.Should().Contain("line 25");
    }

    private static async Task<Pair> ConnectAsync(string transport, string? version, McpClientOptions? options = null, Revision? serves = null)
    {
        var pair = new Pair(serves is null ? KnownRevisions.All : [serves]);
        options = (options ?? new McpClientOptions()) with { Revision = KnownRevisions.Find(version), EraVerdicts = new EraVerdicts() };
        var overSse = (KnownRevisions.Find(version) ?? serves) is { HasStreamableHttp: false };
        pair.Client = transport == "pipe"
            ? await McpClient.ConnectAsync(pair.OverPipe(), options)
            : await McpClient.ConnectAsync(new Uri(await pair.OverHttpAsync(), overSse ? "/sse" : "/mcp"), options);
        return pair;
    }

    private sealed record Sum(int Value);

    /// <summary>A server with a client, and what its tools have seen.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly McpServer server;
        private readonly CancellationTokenSource stop = new();
        private McpHttpHost? host;
        private Task serving = Task.CompletedTask;

        public Pair(IReadOnlyList<Revision> revisions)
        {
            server = new McpServer("adder", "1.0.0", new McpServerOptions { Instructions = "Add.", Revisions = revisions });
            server.AddTool("add", "Adds", (int a, int b) => a + b);
            server.AddTool("sum", "Adds", (int a, int b) => new Sum(a + b));
            server.AddTool("fail", "Fails", string () => throw new InvalidOperationException("no"));
            server.AddTool("count", "Counts", CountAsync);
            server.AddTool("wait", "Waits", WaitAsync);
        }

        public McpClient Client { get; set; } = null!;

        public TaskCompletionSource Waiting { get; } = new();

        public TaskCompletionSource Cancelled { get; } = new();

        public PipeClientTransport OverPipe()
        {
            var (client, end) = InMemoryPipe.Create();
            serving = server.ServeAsync(end, end, stop.Token);
            return new PipeClientTransport(client, client);
        }

        public async Task<Uri> OverHttpAsync()
        {
            host = new McpHttpHost(server, "http://127.0.0.1:0/");
            await host.StartAsync();
            return host.Address;
        }

        public async ValueTask DisposeAsync()
        {
            if (Client is not null)
                await Client.DisposeAsync();
            await stop.CancelAsync();
            if (host is not null)
                await host.DisposeAsync();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.Dispose();
        }

        private static async Task<string> CountAsync(int to, RequestContext context, CancellationToken cancellationToken)
        {
            for (var i = 1; i <= to; i++)
            {
                await context.ReportProgressAsync(i, cancellationToken: cancellationToken);
                await context.LogAsync(Protocol.Schema.LoggingLevel.Info, $"{i}", cancellationToken: cancellationToken);
            }

            return $"{to}";
        }

        private async Task<string> WaitAsync(CancellationToken cancellationToken)
        {
            Waiting.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Cancelled.TrySetResult();
                throw;
            }

            return "";
        }
    }
}
