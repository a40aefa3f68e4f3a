using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>Handlers that answer with what is no answer to the request: nothing of it reaches the wire.</summary>
[TestFixtureSource(nameof(Cases))]
public sealed class WrongResultTests(Revision revision)
{
    private static IEnumerable<TestFixtureData> Cases =>
        KnownRevisions.All.Select(revision => new TestFixtureData(revision).SetArgDisplayNames(revision.Version));

    [TestCase(Methods.ToolsCall, "\"name\":\"null\"", "The tool 'null' answered with null, where a CallToolResult belongs.")]
    [TestCase(Methods.ToolsCall, "\"name\":\"prompt\"", "The tool 'prompt' answered with GetPromptResult, where a CallToolResult belongs.")]
    [TestCase(Methods.PromptsGet, "\"name\":\"null\"", "The prompt 'null' answered with null, where a GetPromptResult belongs.")]
    [TestCase(Methods.PromptsGet, "\"name\":\"tool\"", "The prompt 'tool' answered with CallToolResult, where a GetPromptResult belongs.")]
    [TestCase(Methods.ResourcesRead, "\"uri\":\"is://null\"", "The resource 'is://null' answered with null, where a ReadResourceResult belongs.")]
    [TestCase(Methods.ResourcesRead, "\"uri\":\"is://tool\"", "The resource 'is://tool' answered with CallToolResult, where a ReadResourceResult belongs.")]
    [TestCase(
        Methods.CompletionComplete, "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"p\"},\"argument\":{\"name\":\"a\",\"value\":\"\"}",
        "What completes 'a' of the prompt 'p' answered with null, where a Completion belongs.")]
    [Spec("2026-07-28 basic §Responses")]
    public async Task It_is_an_error_that_says_so_to_the_client_and_in_the_log(string method, string which, string words)
    {
        using var log = new RecordedLog();
        await using var client = await AskedClient.ConnectAsync(Server(log), revision);
        await client.RequestAsync(method, which);
        var error = (await client.NextAsync()).GetProperty("error");

        error.GetProperty("code").GetInt32().Should().Be(ErrorCode.InternalError);
        error.GetProperty("message").GetString().Should().Be(words);
        log.Lines.Should().Contain($"Error: {words}");
    }

    [Test]
    public async Task A_failure_that_calls_itself_a_cancellation_is_logged_like_any_other()
    {
        using var log = new RecordedLog();
        await using var client = await AskedClient.ConnectAsync(Server(log), revision);
        await client.RequestAsync(Methods.ResourcesRead, "\"uri\":\"is://slow\"");
        var error = (await client.NextAsync()).GetProperty("error");

        (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()).Should().Be((ErrorCode.InternalError, "Internal error."));
        log.Lines.Should().Contain("Error: 'resources/read' failed.");
        log.Exceptions.Should().ContainSingle(fault => fault is OperationCanceledException);
    }

    private static McpServer Server(RecordedLog log)
    {
        var server = new McpServer("wrong", "1.0.0", new McpServerOptions { LoggerFactory = log });
        var nothing = new Tool { Name = "null", InputSchema = JsonElement.Parse("""{"type":"object"}""") };
        server.AddTool(nothing, (_, _, _) => new((Result)null!));
        server.AddTool("prompt", "Answers as a prompt", Result () => new GetPromptResult { Messages = [] });
        server.AddPrompt(new Prompt { Name = "null" }, (_, _, _) => new((Result)null!));
        server.AddPrompt("tool", "Answers as a tool", Result () => ToolResults.Text("a"));
        server.AddPrompt(new Prompt { Name = "p", Arguments = [new() { Name = "a" }] }, (_, _, _) => new((Result)null!));
        server.AddCompletion(new PromptReference { Name = "p" }, "a", (_, _) => new ValueTask<Completion>((Completion)null!));
        server.AddResource(new Resource { Uri = "is://null", Name = "null" }, (_, _) => new((Result)null!));
        server.AddResource("is://tool", "tool", Result () => ToolResults.Text("a"));
        server.AddResource("is://slow", "slow", string () => throw new TaskCanceledException("The request to the other side timed out."));
        return server;
    }
}
