using System.Diagnostics;
using System.Net;
using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.LoadDriver.Servers;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;

namespace OnlyMcp.LoadDriver.Soak;

/// <summary>Our client, over any transport: lists and calls tools, hears of a change, takes a call back, makes a mistake, and leaves.</summary>
internal abstract class LibraryClient(string name, Tally tally, string kind) : SoakClient(name, tally)
{
    private const int Width = 8;
    private const int CallsEach = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected sealed override Task StepAsync() => UseAsync(UseAsync);

    /// <summary>Connects as one of the two eras, has the client used, and ends all that was begun.</summary>
    protected abstract Task UseAsync(Func<McpClient, Task> use);

    /// <summary>The newest revision, or the newest of those before it.</summary>
    protected McpClientOptions AnyEra() => new() { Revision = KnownRevisions.Newest(Random.Next(2) > 0 ? Era.Modern : Era.Legacy) };

    private async Task UseAsync(McpClient client)
    {
        await foreach (var tool in client.ListToolsAsync())
            _ = tool;
        await Task.WhenAll(Enumerable.Range(0, Width).Select(_ => CallAsync(client)));
        await HearAsync(client);
        await TakeBackAsync(client);
        try
        {
            await client.CallToolAsync("nothing");
            throw new InvalidDataException("A tool that is not there has answered.");
        }
        catch (JsonRpcException)
        {
            // As it should be.
        }

        Tally.Add(kind, (Width * CallsEach) + 4);
    }

    private static async Task CallAsync(McpClient client)
    {
        for (var i = 0; i < CallsEach; i++)
        {
            var answer = await client.CallToolAsync("add", new { a = i, b = 1 });
            if (answer.Text != $"{i + 1}")
                throw new InvalidDataException($"{i} + 1 is not {answer.Text}.");
        }
    }

    private static async Task HearAsync(McpClient client)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var change in client.ListenAsync(new SubscriptionFilter { ToolsListChanged = true }, cancellationToken: patience.Token))
        {
            if (change is not ListeningStarted)
                return;
            await client.CallToolAsync("change", cancellationToken: patience.Token);
        }
    }

    private async Task TakeBackAsync(McpClient client)
    {
        using var enough = new CancellationTokenSource(Random.Next(1, 20));
        try
        {
            await client.CallToolAsync("wait", new { milliseconds = 2000 }, cancellationToken: enough.Token);
        }
        catch (OperationCanceledException)
        {
            // As it should be.
        }
    }

    /// <summary>To a server in another process.</summary>
    internal sealed class OverHttp(string name, Tally tally, IPEndPoint server) : LibraryClient(name, tally, "calls of our client over HTTP")
    {
        protected override async Task UseAsync(Func<McpClient, Task> use)
        {
            await using var client = await McpClient.ConnectAsync($"http://{server}/mcp", AnyEra());
            await use(client);
        }
    }

    /// <summary>To a server that it starts, and ends.</summary>
    internal sealed class OverStdio(string name, Tally tally) : LibraryClient(name, tally, "calls of our client over stdio")
    {
        protected override async Task UseAsync(Func<McpClient, Task> use)
        {
            await using var client = await McpClient.StartAsync(Environment.ProcessPath!, [typeof(Plan).Assembly.Location, ServerPrograms.SoakStdio], AnyEra());
            await use(client);
        }
    }

    /// <summary>To a server in this process.</summary>
    internal sealed class InMemory(string name, Tally tally, McpServer server) : LibraryClient(name, tally, "calls of our client in memory")
    {
        protected override async Task UseAsync(Func<McpClient, Task> use)
        {
            var (near, far) = InMemoryPipe.Create();
            var serving = server.ServeAsync(far, far);
            await using (var client = await McpClient.ConnectAsync(new PipeClientTransport(near, near), AnyEra()))
                await use(client);
            await near.DisposeAsync();
            await serving.WaitAsync(Patience);
        }
    }
}
