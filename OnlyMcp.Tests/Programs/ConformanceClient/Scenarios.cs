using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Tests.Programs.ConformanceClient;

/// <summary>What the suite wants to see in each scenario.</summary>
internal static class Scenarios
{
    private static readonly Dictionary<string, Func<McpClient, Task>> All = new()
    {
        ["initialize"] = ListAsync,
        ["tools_call"] = AddAsync,
        ["request-metadata"] = ListAsync,
        ["sse-retry"] = ReconnectAsync,
        ["http-standard-headers"] = AskForEverythingAsync,
    };

    public static Func<McpClient, Task>? Find(string name) => All.GetValueOrDefault(name);

    private static async Task ListAsync(McpClient client)
    {
        await foreach (var tool in client.ListToolsAsync())
            Console.WriteLine(tool.Name);
    }

    private static async Task AddAsync(McpClient client)
    {
        await ListAsync(client);
        Console.WriteLine((await client.CallToolAsync("add_numbers", new { a = 2, b = 3 })).Text);
    }

    private static async Task ReconnectAsync(McpClient client)
    {
        await ListAsync(client);
        Console.WriteLine((await client.CallToolAsync("test_reconnection")).Text);
    }

    private static async Task AskForEverythingAsync(McpClient client)
    {
        await ListAsync(client);
        await client.CallToolAsync("test_headers");
        await AskAsync(client, Methods.ResourcesList, "{}");
        await AskAsync(client, Methods.ResourcesRead, """{"uri":"file:///path/to/file%20name.txt"}""");
        await AskAsync(client, Methods.PromptsList, "{}");
        await AskAsync(client, Methods.PromptsGet, """{"name":"test_prompt"}""");
    }

    private static async Task AskAsync(McpClient client, string method, string parameters)
    {
        var result = await client.SendRequestAsync(method, JsonBody.Of(JsonElement.Parse(parameters), JsonTypes.Default.JsonElement));
        Console.WriteLine($"{method}: {result}");
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonTypes : System.Text.Json.Serialization.JsonSerializerContext;
