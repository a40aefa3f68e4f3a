using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Inputs;

/// <summary>Conversations that a server must not send: told to the author of the tool, before anything leaves.</summary>
public sealed class SamplingRulesTests
{
    private static readonly SamplingMessage Use = Says(Role.Assistant, new ToolUseContent { Id = "1", Name = "t", Input = JsonElement.Parse("{}") });
    private static readonly SamplingMessage Outcome = Says(Role.User, new ToolResultContent { ToolUseId = "1", Content = [] });
    private static readonly SamplingMessage Other = Says(Role.User, new ToolResultContent { ToolUseId = "2", Content = [] });
    private static readonly SamplingMessage Text = Says(Role.User, new TextContent { Text = "x" });
    private static readonly SamplingMessage Mixed = Says(Role.User, new ToolResultContent { ToolUseId = "1", Content = [] }, new TextContent { Text = "x" });

    private static Revision[] Revisions => [KnownRevisions.V20251125, KnownRevisions.V20260728];

    private static IEnumerable<Conversation> Conversations =>
    [
        new("a use and its result", true, Text, Use, Outcome, Use, Outcome, Text),
        new("a use at the end", false, Text, Use),
        new("a use, and something else", false, Use, Text),
        new("a use, and another's result", false, Use, Other),
        new("a result of nothing", false, Outcome),
        new("a result beside a text", false, Use, Mixed),
    ];

    [Test]
    [Spec("2026-07-28 client/sampling §Tool Result Messages", 1)]
    [Spec("2026-07-28 client/sampling §Tool Use and Result Balance", 1)]
    [Spec("2026-07-28 client/sampling §Security Considerations", 2)]
    public async Task Each_use_of_a_tool_is_followed_by_its_result_and_nothing_else(
        [ValueSource(nameof(Revisions))] Revision revision, [ValueSource(nameof(Conversations))] Conversation conversation)
    {
        var server = new McpServer("samples", "1.0.0", new McpServerOptions { IncludeExceptionMessages = true });
        server.AddTool("ask", "Asks the model", async (RequestContext context) => (await context.SampleAsync("a", new CreateMessageRequestParams
        {
            Messages = conversation.Messages,
            MaxTokens = 1,
            Tools = [],
        })).Model);
        await using var client = await AskedClient.ConnectAsync(server, revision);

        var text = await client.TextAsync("ask", _ => """{"role":"assistant","content":{"type":"text","text":"."},"model":"asked"}""");

        if (conversation.IsFine)
            text.Should().Be("asked");
        else
            text.Should().Match("*Message * of the conversation *");
    }

    public sealed record Conversation(string Name, bool IsFine, params SamplingMessage[] Messages)
    {
        public override string ToString() => Name;
    }

    private static SamplingMessage Says(Role role, params ContentBlock[] content) => new() { Role = role, Content = content };
}
