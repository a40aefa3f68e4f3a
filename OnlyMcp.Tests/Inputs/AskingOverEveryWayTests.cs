using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Inputs;

/// <summary>One handler that asks in all the ways there are, with our client, over each transport in each revision that has a way to ask.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class AskingOverEveryWayTests(Way way, bool replays)
{
    private static readonly ElicitSchema Form = new()
    {
        Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema() },
        Required = ["name"],
    };

    private static IEnumerable<TestFixtureData> Ways => Way.All.SelectMany(way => new[] { false, true }, (way, replays) => new TestFixtureData(way, replays)
        .SetArgDisplayNames(way.ToString(), replays ? "replayed" : "as it comes"));

    [Test]
    public async Task A_handler_asks_one_after_another_at_once_and_inside_what_runs_once()
    {
        var paid = 0;
        var server = new McpServer("asks", "1.0.0", new McpServerOptions { ReplayHandlers = replays });
        server.AddTool("ask", "Asks", async (RequestContext context, CancellationToken cancellation) =>
        {
            await context.OnceAsync("pay", _ => Task.FromResult(Interlocked.Increment(ref paid)), cancellation);
            var roots = await context.ListRootsAsync(cancellationToken: cancellation);
            var poems = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.SampleAsync($"poem {i}", $"Poem {i}", cancellationToken: cancellation)));
            var name = !way.Revision.HasElicitation ? "nobody" : await context.OnceAsync(
                "name", async token => (await context.ElicitAsync("who", "Who?", Form, token)).Content!["name"].GetString()!, cancellation);
            return $"{roots[0].Uri} {string.Join(",", poems.Select(poem => ((TextContent)poem.Content[0]).Text))} {name}";
        });
        var options = new McpClientOptions
        {
            Roots = [new Root { Uri = "file:///home" }],
            OnElicit = (_, _, _) => new(new ElicitResult
            {
                Action = ElicitAction.Accept,
                Content = new Dictionary<string, JsonElement> { ["name"] = JsonElement.Parse("\"Ada\"") },
            }),
            OnSample = (question, _, _) => new(new CreateMessageResult
            {
                Role = Role.Assistant,
                Model = "m",
                Content = [new TextContent { Text = ((TextContent)question.Messages[0].Content[0]).Text + "!" }],
            }),
        };

        await using var connected = await way.ConnectAsync(server, options);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => connected.Client.CallToolAsync("ask")));

        answers.Select(answer => answer.Text).Distinct().Should().Equal($"file:///home Poem 0!,Poem 1!,Poem 2! {(way.Revision.HasElicitation ? "Ada" : "nobody")}");
        paid.Should().Be(5, "each request pays once, however often its handler runs");
    }
}
