using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Faults;

/// <summary>Faults that were found in the C# SDK while this library was planned. README.md lists them all.</summary>
public sealed class CSharpSdkFaultTests
{
    private static readonly ElicitSchema NameForm = new()
    {
        Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema() },
        Required = ["name"],
    };

    [Test]
    [Spec("2025-11-25 basic/utilities/cancellation §Cancellation Flow")]
    public async Task A_call_can_be_cancelled_after_a_question_of_the_server_with_the_same_id_was_answered()
    {
        var (waiting, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var server = new McpServer("asking", "1.0.0");
        server.AddTool("ask", "Asks, then waits", async (RequestContext context, CancellationToken stop) =>
        {
            await context.ElicitAsync("who", "Who are you?", NameForm, stop);
            await using var noted = stop.Register(cancelled.SetResult);
            waiting.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
        });
        await using var client = await AskedClient.ConnectAsync(server, KnownRevisions.Find("2025-11-25")!);

        var call = await client.CallAsync("ask");
        var question = await client.NextAsync("elicitation/create");
        question.GetProperty("id").GetInt32().Should().Be(call, "both sides count on their own, which is what this is about");
        await client.AnswerAsync(question, """{"action":"accept","content":{"name":"Ada"}}""");
        await waiting.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.SendAsync(Wire.Cancelled($"{call}"));

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    [Spec("2026-07-28 server/resources §Subscriptions")]
    public async Task What_a_subscription_was_granted_is_told_by_the_name_that_clients_listen_for()
    {
        const string Filter = """{"resourceSubscriptions":["note://a"]}""";
        var server = new McpServer("notes", "1.0.0");
        server.AddResource("note://a", "a", "text");
        await using var handler = new McpHttpHandler(server);
        var listen = Listen.Post(Filter);
        var served = handler.HandleAsync(listen).AsTask();

        (await listen.NextMessageAsync()).Granted().Should().Be(Filter);
        await server.NotifyResourceUpdatedAsync("note://a");
        var news = await listen.NextMessageAsync();
        await handler.StopAsync();
        await served;

        news.Method().Should().Be("notifications/resources/updated");
        news.GetProperty("params").GetProperty("uri").GetString().Should().Be("note://a");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 server/utilities/logging §Capabilities")]
    public async Task A_server_declares_what_it_serves_and_no_more(Way way)
    {
        var logged = new List<JsonElement>();
        var server = new McpServer("bare", "1.0.0");
        server.AddTool("log", "Logs", (RequestContext context) => context.LogAsync(LoggingLevel.Error, "said"));
        var options = new McpClientOptions { LogLevel = LoggingLevel.Debug, OnLog = line => logged.Add(line.Data) };
        await using var connected = await way.ConnectAsync(server, options);
        var client = connected.Client;

        await client.CallToolAsync("log");

        client.ServerCapabilities.Logging.Should().NotBeNull();
        logged.Should().ContainSingle("a server that says that it logs does");
        (client.ServerCapabilities.Prompts, client.ServerCapabilities.Resources, client.ServerCapabilities.Completions).Should().Be((null, null, null));
        foreach (var method in new[] { Methods.PromptsList, Methods.ResourcesList, Methods.ResourcesTemplatesList, Methods.CompletionComplete })
        {
            var asking = client.Awaiting(it => it.SendRequestAsync(method, new JsonBody("{}"u8.ToArray())));
            (await asking.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(ErrorCode.MethodNotFound, method);
        }
    }

    [TestCaseSource(nameof(AskingWays))]
    [Spec("2026-07-28 client/elicitation §Form Mode Elicitation Requests")]
    public async Task A_tool_that_asks_gets_its_answer_over_every_way(Way way)
    {
        var server = new McpServer("asking", "1.0.0");
        server.AddTool("ask", "Asks", async (RequestContext context) =>
        {
            var who = await context.ElicitAsync("who", "Who are you?", NameForm);
            return $"Hello, {who.Content!["name"]}";
        });
        var options = new McpClientOptions
        {
            OnElicit = (_, _, _) => new(ElicitAnswer.Accept(new() { ["name"] = "Ada" })),
        };
        await using var connected = await way.ConnectAsync(server, options);

        (await connected.Client.CallToolAsync("ask")).EnsureSuccess().Text.Should().Be("Hello, Ada");
    }

    private static IEnumerable<Way> AskingWays => Way.All.Where(way => way.Revision.HasElicitation);
}
