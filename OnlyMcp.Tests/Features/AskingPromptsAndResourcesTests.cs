using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Resources;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>Prompts and resources that ask the client's user, by the context or by hand, in every revision that has a way to ask.</summary>
[TestFixtureSource(nameof(Cases))]
public sealed class AskingPromptsAndResourcesTests(Revision revision)
{
    private const string Accepted = """{"action":"accept","content":{"name":"Ada"}}""";

    private static readonly ElicitSchema Form = new() { Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema() } };

    private static IEnumerable<TestFixtureData> Cases => KnownRevisions.All.Where(revision => revision.HasElicitation)
        .Select(revision => new TestFixtureData(revision).SetArgDisplayNames(revision.Version));

    [TestCase(Methods.PromptsGet, "\"name\":\"asks\"")]
    [TestCase(Methods.PromptsGet, "\"name\":\"asks by hand\"")]
    [TestCase(Methods.ResourcesRead, "\"uri\":\"who://asks\"")]
    [TestCase(Methods.ResourcesRead, "\"uri\":\"who://template/asks\"")]
    [TestCase(Methods.ResourcesRead, "\"uri\":\"who://by-hand\"")]
    [Spec("2026-07-28 server/prompts §Getting a Prompt")]
    [Spec("2026-07-28 server/resources §Reading Resources")]
    public async Task What_the_user_says_reaches_the_handler(string method, string which)
    {
        await using var client = await AskedClient.ConnectAsync(Server(), revision);

        await client.SendAsync(Request(1, method, which));
        var answer = await client.NextAsync();
        if (revision.Era == Era.Modern)
        {
            var asked = answer.GetProperty("result");
            asked.GetProperty("resultType").GetString().Should().Be("input_required");
            asked.TryGetProperty("ttlMs", out _).Should().BeFalse("what is asked is not to be kept");
            asked.TryGetProperty("cacheScope", out _).Should().BeFalse();
            var state = asked.TryGetProperty("requestState", out _) ? AskedClient.StateOf(asked) : "";
            await client.SendAsync(Request(2, method, which + AskedClient.Answers(asked.GetProperty("inputRequests"), _ => Accepted) + state));
        }
        else
        {
            answer.GetProperty("method").GetString().Should().Be(Methods.ElicitationCreate);
            await client.AnswerAsync(answer, Accepted);
        }

        (await client.NextAsync()).GetProperty("result").GetRawText().Should().Contain("Hello Ada");
    }

    [TestCase("who://asks")]
    [TestCase("who://template/asks")]
    [TestCase("who://by-hand")]
    [Spec("2026-07-28 server/utilities/caching §Cache Key")]
    public async Task What_answers_a_retry_is_not_to_be_kept_whatever_the_policy(string uri)
    {
        var caching = new CachingOptions { ResourceContents = new CachePolicy(TimeSpan.FromHours(1), CacheScope.Public) };
        await using var client = await AskedClient.ConnectAsync(Server(new() { Caching = caching }), revision);

        var result = (await client.AskedAsync(Methods.ResourcesRead, $"\"uri\":\"{uri}\"", _ => Accepted)).GetProperty("result");

        result.GetRawText().Should().Contain("Hello Ada");
        result.TryGetProperty("ttlMs", out var ttl).Should().Be(revision.HasCacheHints);
        result.TryGetProperty("cacheScope", out var scope).Should().Be(revision.HasCacheHints);
        if (revision.HasCacheHints)
            (ttl.GetInt32(), scope.GetString()).Should().Be((0, "private"));
    }

    private static McpServer Server(McpServerOptions? options = null)
    {
        var server = new McpServer("asking", "1.0.0", options);
        server.AddPrompt("asks", "Asks", (RequestContext context) => AskAsync(context));
        server.AddResource("who://asks", "asks", (RequestContext context) => AskAsync(context));
        server.AddResourceTemplate("who://template/{id}", "asks too", (string id, RequestContext context) => AskAsync(context));
        server.AddPrompt("asks by hand", "Asks by hand", Result (RequestContext context) => ByHand(context)
            as Result ?? new GetPromptResult { Messages = [new() { Role = Role.User, Content = new TextContent { Text = Greeting(context) } }] });
        server.AddResource(
            new Resource { Uri = "who://by-hand", Name = "by hand" },
            (context, _) => new(ByHand(context) as Result ?? ResourceResults.Text("who://by-hand", Greeting(context))));
        return server;
    }

    private static async Task<string> AskAsync(RequestContext context) =>
        $"Hello {(await context.ElicitAsync("who", "Who are you?", Form)).Content?["name"]}";

    private static InputRequiredResult? ByHand(RequestContext context) => context.InputResponses.Elicited("who") is not null ? null : new InputRequiredResult
    {
        InputRequests = new Dictionary<string, InputRequest>
        {
            ["who"] = new()
            {
                Method = Methods.ElicitationCreate,
                Params = JsonElement.Parse("""{"message":"Who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}}}}"""),
            },
        },
    };

    private static string Greeting(RequestContext context) =>
        $"Hello {context.InputResponses.Elicited("who")!.Content!["name"]}";

    private string Request(int id, string method, string parameters)
    {
        var meta = revision.Era == Era.Legacy
            ? ""
            : $$$""","_meta":{"io.modelcontextprotocol/protocolVersion":"{{{revision}}}","io.modelcontextprotocol/clientCapabilities":{{{AskedClient.Everything}}} }""";
        return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{ {{{parameters}}}{{{meta}}} } }""";
    }
}
