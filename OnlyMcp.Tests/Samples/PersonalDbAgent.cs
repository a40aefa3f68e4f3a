using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>Programs that a user of the personal database lets in, on the pages of its own authorization server.</summary>
internal static class PersonalDbAgent
{
    private static readonly Uri Callback = new("http://127.0.0.1:1/callback");

    /// <summary>Connects, and signs in as the user that it is told to.</summary>
    public static Task<McpClient> ConnectAsync(this PersonalDbProgram program, Person person, Revision? revision = null, params string[] scopes) =>
        program.ConnectAsync(SignInBy(person, scopes), revision);

    public static Task<McpClient> ConnectAsync(this PersonalDbProgram program, ClientAuthorization authorization, Revision? revision = null) =>
        McpClient.ConnectAsync(program.Server.At("api/mcp"), new McpClientOptions { Authorization = authorization, Revision = revision });

    public static ClientAuthorization SignInBy(Person person, params string[] scopes) => new()
    {
        ClientName = "An agent",
        SignIn = new DelegateSignIn(Callback, (address, _) => new(person.AllowAsync(address))),
        Tokens = new InMemoryTokenStore(),
        Scopes = scopes,
    };

    /// <summary>A user at a browser, with the password that all of them have in these tests.</summary>
    public static Person Browser(string name) => new(name, PersonalDbProgram.Password);

    /// <summary>Calls a tool; what it answers, as it stands on the wire.</summary>
    public static async Task<string> AnswerAsync(this McpClient client, string tool, object arguments)
    {
        var answer = await client.CallToolAsync(tool, arguments);
        answer.IsError.Should().BeFalse(answer.Text);
        if (answer.StructuredContent is { } structured)
            structured.GetRawText().Should().Be(answer.Text, "text and structured content say the same");
        return answer.Text;
    }

    public static async Task<string[]> ToolNamesAsync(this McpClient client) =>
        [.. (await client.ListToolsAsync().ToListAsync()).Select(tool => tool.Name)];

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
