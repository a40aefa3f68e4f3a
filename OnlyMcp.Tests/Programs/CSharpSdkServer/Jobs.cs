using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

/// <summary>A tool for each way in which a task can go on and end.</summary>
internal static class Jobs
{
    private static readonly Channel<bool> Gone = Channel.CreateUnbounded<bool>();

    private static readonly Dictionary<string, Work> Works = new()
    {
        ["job"] = async task =>
        {
            task.Say("half");
            await Gone.Reader.ReadAsync();
            return Text("done");
        },
        ["job-optional"] = _ => Task.FromResult(Text("done")),
        ["job-fails"] = _ => Task.FromResult(new CallToolResult { IsError = true, Content = Text("This tool always fails.").Content }),
        ["job-breaks"] = _ => throw new McpProtocolException("This tool always breaks.", McpErrorCode.InternalError),
        ["job-waits"] = async task =>
        {
            await task.Cancelled;
            return Text("too late");
        },
        ["job-asks"] = async task =>
        {
            JsonNode answer = await task.AskAsync("name", JsonNode.Parse(Question)!);
            return Text($"Hello, {answer["content"]!["name"]}");
        },
    };

    private const string Question = """
        {"method":"elicitation/create","params":{"mode":"form","message":"Who are you?",
        "requestedSchema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}}
        """;

    public static void AddTo(McpServerOptions options)
    {
        foreach (string name in Works.Keys)
            options.ToolCollection!.Add(McpServerTool.Create(() => "done", new() { Name = name, Description = "Is a task for clients that know tasks" }));
        options.ToolCollection!.Add(McpServerTool.Create(
            () =>
            {
                Gone.Writer.TryWrite(true);
                return "gone";
            },
            new() { Name = "go", Description = "Lets a job go" }));
        new TaskExtension(Works).AddTo(options);
    }

    private static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };
}
