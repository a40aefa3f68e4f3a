using System.Threading.Channels;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Tests.Support;

/// <summary>A server with a tool that does what the test says, one step after another, and an event store to look into.</summary>
internal sealed class StepServer
{
    private readonly Channel<Func<RequestContext, Task<string?>>> steps = Channel.CreateUnbounded<Func<RequestContext, Task<string?>>>();

    public StepServer(McpServerOptions? options = null, EventStoreLimits? limits = null)
    {
        options ??= new McpServerOptions();
        Store = new InMemoryEventStore(limits, options.TimeProvider);
        Server = new McpServer("steps", "1.0.0", options.EventStore is null ? options with { EventStore = Store } : options);
        Server.AddTool("steps", "Does what the test says", RunAsync);
        Server.AddTool("echo", "Answers at once", () => "echo");
    }

    public McpServer Server { get; }

    public InMemoryEventStore Store { get; }

    public async Task<McpHttpHost> StartAsync(McpHttpOptions? options = null)
    {
        var host = new McpHttpHost(Server, "http://127.0.0.1:0/", options);
        await host.StartAsync();
        return host;
    }

    /// <summary>Has the tool send a message, and waits until it has.</summary>
    public Task SayAsync(string text) => DoAsync(context => context.LogAsync(LoggingLevel.Warning, text));

    /// <summary>Has the tool close its client's connection.</summary>
    public Task CloseAsync(TimeSpan? retry = null) => DoAsync(context => context.CloseStreamAsync(retry));

    /// <summary>Has the tool ask its client something, without waiting for the answer.</summary>
    public Task AskAsync(RequestId id) => DoAsync(context => context.Exchange.Stream.SendAsync(new JsonRpcRequest(id, "ping"), default).AsTask());

    /// <summary>Has the tool say something that belongs to no request.</summary>
    public Task TellAsync(string text) => DoAsync(context =>
        context.Exchange.Streams!.Standalone.SendAsync(new JsonRpcNotification($"notifications/{text}"), default).AsTask());

    public async Task DoAsync(Func<RequestContext, Task> step)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        steps.Writer.TryWrite(async context =>
        {
            await step(context);
            done.TrySetResult();
            return null;
        });
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Has the tool return; its answer leaves later.</summary>
    public void End(string text = "the end") => steps.Writer.TryWrite(_ => Task.FromResult<string?>(text));

    private async Task<string> RunAsync(RequestContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            var step = await steps.Reader.ReadAsync(cancellationToken);
            if (await step(context) is { } text)
                return text;
        }
    }
}
