using System.Threading.Channels;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Interop;

/// <summary>A server of ours whose tools become tasks, in every way that one can begin, go on and end, for clients by others.</summary>
internal sealed class TaskServer
{
    /// <summary>What the tool <c>break</c> ends with.</summary>
    public const int Broken = -31999;

    private readonly Channel<bool> go = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskServer()
    {
        AddJobs();
        AddEnds();
        AddQuestions();
    }

    private McpServer Server { get; } = new("tasks", "1.0.0");

    /// <summary>Serves over <c>stdio</c>, <c>http</c> or <c>sse</c>.</summary>
    public static Task<ServedServer> StartAsync(string transport) => ServedServer.StartAsync(new TaskServer().Server, transport);

    private void AddJobs()
    {
        AddTask("job", "Says how far it is, and ends when it is let go", async (RequestContext context, CancellationToken stop) =>
        {
            await context.ReportProgressAsync(1, 2, "half", stop);
            await go.Reader.ReadAsync(stop);
            await context.ReportProgressAsync(2, 2, "whole", stop);
            return "done";
        });
        AddTask("required", "Is for clients with tasks alone", () => "done", new ToolTasks { Support = TaskSupport.Required });
        AddTask("late", "Becomes a task when it takes long", async (CancellationToken stop) =>
        {
            await go.Reader.ReadAsync(stop);
            return "late";
        }, new ToolTasks { After = TimeSpan.FromMilliseconds(10) });
        AddTask("quick", "Becomes a task when it takes long, and never does", () => "quick", new ToolTasks { After = TimeSpan.FromHours(1) });
        Server.AddTool("plain", "Has no tasks", () => "plain");
        Server.AddTool("go", "Lets a job go", () =>
        {
            go.Writer.TryWrite(true);
            return "gone";
        });
    }

    private void AddEnds()
    {
        AddTask("fail", "Fails", string () => throw new ToolErrorException("This tool always fails."));
        AddTask("break", "Ends in an error of the protocol", string () => throw new JsonRpcException(Broken, "This tool always breaks."));
        AddTask("wait", "Waits until it is cancelled", async (CancellationToken stop) =>
        {
            await using var noted = stop.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.Infinite, stop);
        });
        Server.AddTool("cancelled", "Answers when a wait was cancelled", async (CancellationToken stop) =>
        {
            await cancelled.Task.WaitAsync(stop);
            return "cancelled";
        });
    }

    private void AddQuestions()
    {
        AddTask("ask", "Asks the user for a name", async (RequestContext context) =>
            $"Hello, {(await context.ElicitAsync("name", "Who are you?", Name)).Content!["name"]}");
        AddTask("several", "Asks one thing after another", async (RequestContext context) =>
        {
            var first = await context.ElicitAsync("first", "First?", Name);
            var said = await context.SampleAsync("poem", "A poem, please", maxTokens: 50);
            var roots = await context.ListRootsAsync();
            return $"{first.Content!["name"]}, {((TextContent)said.Content[0]).Text}, {roots[0].Uri}";
        });
    }

    private void AddTask(string name, string description, Delegate function, ToolTasks? tasks = null) =>
        Server.AddTool(name, description, function, (tasks ?? new ToolTasks()) with { PollInterval = TimeSpan.FromMilliseconds(20) });

    private static ElicitSchema Name { get; } =
        new() { Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema() }, Required = ["name"] };
}
