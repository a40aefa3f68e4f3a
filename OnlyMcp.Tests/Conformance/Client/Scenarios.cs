using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Tests.Conformance.Client;

/// <summary>What the suite wants to see in each scenario.</summary>
internal static class Scenarios
{
    private static readonly Dictionary<string, Func<McpClient, Task>> All = new()
    {
        ["initialize"] = client => client.PingAsync(), // Its server declares no tools, so none are asked for.
        ["tools_call"] = AddAsync,
        ["request-metadata"] = ListAsync,
        ["sse-retry"] = ReconnectAsync,
        ["http-standard-headers"] = AskForEverythingAsync,
        ["http-custom-headers"] = MakeCallsAsync,
        ["http-invalid-tool-headers"] = CallWhatIsListedAsync,
        ["elicitation-sep1034-client-defaults"] = client => CallAsync(client, "test_client_elicitation_defaults"),
        ["sep-2322-client-request-state"] = AnswerQuestionsAsync,
        ["json-schema-2020-12-preservation"] = EchoSchemaAsync,
        ["json-schema-ref-no-deref"] = ListAsync,
    };

    public static CreateMessageResult Message { get; } =
        new() { Role = Role.Assistant, Content = [new TextContent { Text = "Paris." }], Model = "none" };

    public static Func<McpClient, Task>? Find(string name) =>
        All.GetValueOrDefault(name) ?? (name.StartsWith("auth/", StringComparison.Ordinal) ? CallWithTokenAsync : null);

    /// <summary>Confirms what is to be confirmed, and leaves every other field at its default.</summary>
    public static ElicitResult Answer(ElicitRequestFormParams form) => form.RequestedSchema.Properties.ContainsKey("confirmed")
        ? ElicitAnswer.Accept(new JsonObject { ["confirmed"] = true })
        : ElicitAnswer.Accept();

    private static async Task ListAsync(McpClient client)
    {
        await foreach (var tool in client.ListToolsAsync())
            Console.WriteLine(tool.Name);
    }

    private static async Task CallAsync(McpClient client, string tool, object? arguments = null) =>
        Console.WriteLine($"{tool}: {(await client.CallToolAsync(tool, arguments)).Text}");

    private static async Task AddAsync(McpClient client)
    {
        await ListAsync(client);
        await CallAsync(client, "add_numbers", new { a = 2, b = 3 });
    }

    private static async Task ReconnectAsync(McpClient client)
    {
        await ListAsync(client);
        await CallAsync(client, "test_reconnection");
    }

    private static async Task AskForEverythingAsync(McpClient client)
    {
        await ListAsync(client);
        await CallAsync(client, "test_headers");
        Console.WriteLine($"{await client.ListResourcesAsync().CountAsync()} resources");
        Console.WriteLine((await client.ReadResourceAsync("file:///path/to/file%20name.txt")).Text);
        Console.WriteLine($"{await client.ListPromptsAsync().CountAsync()} prompts");
        Console.WriteLine((await client.GetPromptAsync("test_prompt")).Messages.Count);
    }

    private static async Task AnswerQuestionsAsync(McpClient client)
    {
        await ListAsync(client);
        foreach (var tool in new[] { "test_mrtr_echo_state", "test_mrtr_no_state", "test_mrtr_unrelated", "test_mrtr_no_result_type" })
            await CallAsync(client, tool);
    }

    private static async Task EchoSchemaAsync(McpClient client)
    {
        var tool = await client.ListToolsAsync().FirstAsync(tool => tool.Name == "json_schema_2020_12_tool");
        await CallAsync(client, "json_schema_echo", new { schema = tool.InputSchema });
    }

    /// <summary>Two requests at least: some scenarios change their mind in between.</summary>
    private static async Task CallWithTokenAsync(McpClient client)
    {
        await ListAsync(client);
        await CallAsync(client, "test-tool");
    }

    /// <summary>Makes the calls that the suite has put into its context.</summary>
    private static async Task MakeCallsAsync(McpClient client)
    {
        await ListAsync(client);
        var context = JsonElement.Parse(Environment.GetEnvironmentVariable("MCP_CONFORMANCE_CONTEXT")!);
        foreach (var call in context.GetProperty("toolCalls").EnumerateArray())
            Console.WriteLine((await client.CallToolAsync(call.GetProperty("name").GetString()!, call.GetProperty("arguments"))).Text);
    }

    private static async Task CallWhatIsListedAsync(McpClient client)
    {
        foreach (var tool in await client.ListToolsAsync().ToListAsync())
            await CallAsync(client, tool.Name, new { region = "us-west1" });
    }
}
