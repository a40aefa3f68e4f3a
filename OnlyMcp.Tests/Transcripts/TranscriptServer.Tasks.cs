using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Transcripts;

/// <content>Tools whose calls become tasks. They go on when the conversation says so, by a call of "next".</content>
internal static partial class TranscriptServer
{
    private static readonly Dictionary<string, Action<McpServer, TaskSteps>> TaskOffers = new()
    {
        ["task"] = AddBakery,
        ["task-input"] = AddOrders,
        ["task-update"] = AddCatering,
        ["task-progress"] = AddProofing,
        ["task-cancel"] = AddBakery,
        ["task-failed"] = AddMishaps,
        ["task-unknown"] = AddBakery,
        ["task-subscription"] = AddBakery,
        ["task-missing-capability"] = AddRoasting,
        ["task-after-rounds"] = AddTrains,
        ["task-list"] = AddBakery,
        ["task-required"] = AddRoasting,
        ["task-forbidden"] = AddBakery,
        ["task-status"] = AddBakery,
        ["task-ignored"] = AddBakery,
    };

    private static void AddBakery(McpServer server, TaskSteps steps)
    {
        AddNext(server, steps);
        server.AddTool("bake", "Bakes bread", [McpTask] async (RequestContext context, CancellationToken stop) =>
        {
            await steps.PauseAsync(context, task => task.IsEnded, stop);
            return "A loaf of bread.";
        });
        server.AddTool("slice", "Slices bread", [McpTask(AfterSeconds = double.PositiveInfinity)] () => "Ten slices.");
    }

    private static void AddCatering(McpServer server, TaskSteps steps)
    {
        AddNext(server, steps);
        server.AddTool("cater", "Cooks for guests", [McpTask] async (RequestContext context, CancellationToken stop) =>
        {
            await steps.PauseAsync(context, task => task.Questions.Count == 2, stop);
            var dish = context.ElicitAsync("dish", "What shall it be?", Field("name"), stop);
            var table = context.ElicitAsync("table", "For how many, and when?", Table, stop);
            await Task.WhenAll(dish, table);
            await steps.PauseAsync(context, task => task.IsEnded, stop);
            return $"{(await dish).Content!["name"]} for {(await table).Content!["guests"]}.";
        });
    }

    private static void AddOrders(McpServer server, TaskSteps steps)
    {
        AddCatering(server, steps);
        server.AddTool("order", "Cooks to order", [McpTask] async (RequestContext context, CancellationToken stop) =>
        {
            await steps.PauseAsync(context, task => task.Questions.Count == 1, stop);
            var dish = await context.ElicitAsync("dish", "What shall it be?", Field("name"), stop);
            return $"{dish.Content!["name"]}.";
        });
    }

    private static void AddProofing(McpServer server, TaskSteps steps)
    {
        AddNext(server, steps);
        server.AddTool("proof", "Lets dough rise", [McpTask] async (RequestContext context, IProgress<ProgressValue> progress, CancellationToken stop) =>
        {
            await steps.PauseAsync(context, task => task.Progress is { Progress: 1 }, stop);
            progress.Report(new ProgressValue(1, 2, "It rises."));
            await steps.PauseAsync(context, task => task.IsEnded, stop);
            return "Risen.";
        });
    }

    private static void AddMishaps(McpServer server, TaskSteps steps)
    {
        AddNext(server, steps);
        server.AddTool("burn", "Burns the bread", [McpTask] async Task<string> (RequestContext context, CancellationToken stop) =>
        {
            await steps.PauseAsync(context, task => task.IsEnded, stop);
            throw new ToolErrorException("It is black.");
        });
        server.AddTool("flood", "Floods the kitchen", [McpTask] async Task<string> (RequestContext context, CancellationToken stop) =>
        {
            await steps.PauseAsync(context, task => task.IsEnded, stop);
            throw new JsonRpcException(ErrorCode.InternalError, "The kitchen is under water.");
        });
    }

    private static void AddRoasting(McpServer server, TaskSteps steps)
    {
        AddNext(server, steps);
        server.AddTool("roast", "Roasts for hours", [McpTask(Support = TaskSupport.Required)] async (RequestContext context, CancellationToken stop) =>
        {
            await steps.PauseAsync(context, task => task.IsEnded, stop);
            return "A roast.";
        });
    }

    private static void AddTrains(McpServer server, TaskSteps steps)
    {
        AddNext(server, steps);
        server.AddTool("travel", "Books a trip", async (RequestContext context, CancellationToken stop) =>
        {
            var to = await context.ElicitAsync("to", "Where to?", Field("city"), stop);
            await context.AsTaskAsync($"Looks for trains to {to.Content!["city"]}.", stop);
            await steps.PauseAsync(context, task => task.IsEnded, stop);
            return $"A seat to {to.Content!["city"]}.";
        }, new ToolTasks { After = Timeout.InfiniteTimeSpan });
    }

    private static void AddNext(McpServer server, TaskSteps steps) =>
        server.AddTool("next", "Lets the task go on", async (CancellationToken stop) =>
        {
            await steps.NextAsync(stop);
            return "It went on.";
        });
}
