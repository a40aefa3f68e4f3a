// A stdio server whose tasks are in a folder, which outlives it. Its tools become tasks:
//   order   pays once (a line in the file "paid"), asks for a name and a street, and answers with both; runs again when interrupted
//   large   asks for a name, and answers with as many bytes as its argument says; runs again when interrupted
//   fragile asks for a name; fails when interrupted
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Stdio;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Server.Tools;

var folder = args[0];
using var wire = StdioWire.MoveAside();
await using var store = new FileTaskStore(Path.Combine(folder, "tasks"));
var server = new McpServer("tasks", "1.0.0", new McpServerOptions
{
    Tasks = new TaskOptions { Store = store },
    TaskLimiter = null, // The tests ask as fast as they can.
});
server.AddTool("order", "Orders", [McpTask(WhenInterrupted = InterruptedTask.RunsAgain)] async (RequestContext context, CancellationToken cancellation) =>
{
    await context.OnceAsync("pay", token => File.AppendAllTextAsync(Path.Combine(folder, "paid"), "paid\n", token), cancellation);
    var name = await AskAsync(context, "name", cancellation);
    var street = await AskAsync(context, "street", cancellation);
    return $"{name}, {street}";
});
server.AddTool("large", "Answers at length", [McpTask(WhenInterrupted = InterruptedTask.RunsAgain)] async (int bytes, RequestContext context, CancellationToken cancellation) =>
    new string((await AskAsync(context, "name", cancellation))[0], bytes));
server.AddTool("fragile", "Fails when interrupted", [McpTask] (RequestContext context, CancellationToken cancellation) => AskAsync(context, "name", cancellation));
await server.RunStdioAsync();

static async Task<string> AskAsync(RequestContext context, string field, CancellationToken cancellationToken)
{
    var form = new ElicitSchema { Properties = new Dictionary<string, PrimitiveSchema> { [field] = new StringSchema() }, Required = [field] };
    return (await context.ElicitAsync(field, $"Your {field}?", form, cancellationToken)).Content![field].GetString()!;
}
