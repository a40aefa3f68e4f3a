using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Tests.Conformance.Server;

/// <content>Tools whose calls become tasks.</content>
internal static partial class ConformanceServer
{
    private static void AddTasks(McpServer server)
    {
        server.AddTool("greet", "Greets, at once", (string name) => $"Hello, {name}!");
        server.AddTool("slow_compute", "Takes its time", [McpTask] async (double seconds, CancellationToken stop, string label = "") =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), stop);
            return $"{label} took {seconds} seconds.";
        });
        server.AddTool("failing_job", "Fails after a while", [McpTask(Support = TaskSupport.Required)] async Task<string> (CancellationToken stop) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), stop);
            throw new ToolErrorException("The job failed on purpose.");
        });
        server.AddTool("protocol_error_job", "Ends in an error of the protocol", [McpTask] async Task<string> (CancellationToken stop) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(0.2), stop);
            throw new JsonRpcException(ErrorCode.InternalError, "The job broke on purpose.");
        });
        server.AddTool("confirm_delete", "Asks before it deletes", [McpTask] async (string filename, RequestContext context) =>
        {
            var answer = await context.ElicitAsync("confirm", $"Delete {filename}?", Form(("confirm", new BooleanSchema())));
            return answer.Content?["confirm"].GetBoolean() == true ? $"Deleted {filename}." : $"Kept {filename}.";
        });
        server.AddTool("multi_input", "Asks two things at once", [McpTask] async (RequestContext context) =>
        {
            var name = context.ElicitAsync("name", "What is your name?", Name);
            var confirm = context.ElicitAsync("confirm", "Is that so?", Form(("confirm", new BooleanSchema())));
            await Task.WhenAll(name, confirm);
            return $"{Shown(await name)} {Shown(await confirm)}";
        });
        server.AddTool("test_tool_with_task", "Asks first, and then takes its time", [McpTask(AfterSeconds = double.PositiveInfinity)] async (RequestContext context) =>
        {
            var answer = await context.ElicitAsync("user_name", "What is your name?", Name);
            await context.AsTaskAsync("The name is known.");
            return $"Hello, {answer.Content?["name"]}!";
        });
    }
}
