using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;

namespace SigningIn;

/// <summary>Uses the tools of a personal database, as far as the person lets this program.</summary>
internal static class Visit
{
    public static async Task RunAsync(Options options, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Connecting to {options.Url}");
        await using var client = await McpClient.ConnectAsync(
            options.Url,
            new McpClientOptions
            {
                ClientInfo = new() { Name = "sign-in-sample", Version = "1.0.0" },
                Authorization = new ClientAuthorization
                {
                    ClientName = "The sign-in sample",
                    SignIn = options.Pastes ? AtConsole.Paste : AtConsole.Browser,
                    Tokens = new FileTokenStore(options.TokenFolder),
                },
            },
            cancellationToken);

        await ListToolsAsync(client, cancellationToken);
        var ada = new { firstName = "Ada", lastName = "Lovelace" };
        await CallAsync(client, "entities-create", new { entity_type = "Person", attributes = ada }, cancellationToken);
        await CallAsync(client, "entities-list", new { entity_type = "Person" }, cancellationToken);

        // Nobody has allowed this yet. The server says so, and which scope it takes: the person is asked once more, and the call goes on.
        Console.WriteLine("The next call needs leave to change schemas");
        var note = new { type = "object", properties = new { text = new { type = "string" } } };
        await CallAsync(client, "schemas-create", new { schema_type = "Note", schema_obj = note }, cancellationToken);
        await ListToolsAsync(client, cancellationToken);
    }

    private static async Task ListToolsAsync(McpClient client, CancellationToken cancellationToken)
    {
        var tools = await client.ListToolsAsync(cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        Console.WriteLine($"{tools.Count} tools may be used: {string.Join(", ", tools.Select(tool => tool.Name))}");
    }

    private static async Task CallAsync(McpClient client, string tool, object arguments, CancellationToken cancellationToken)
    {
        var answer = await client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken);
        Console.WriteLine($"{tool} {(answer.IsError ? "failed" : "answered")}: {answer.Text}");
    }
}
