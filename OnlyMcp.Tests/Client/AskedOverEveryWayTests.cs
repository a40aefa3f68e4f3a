using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>A server that asks and a client that answers, over each transport in each revision that is spoken over it.</summary>
[TestFixtureSource(nameof(Ways))]
public sealed class AskedOverEveryWayTests(Way way)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly ElicitSchema NameForm = new()
    {
        Properties = new Dictionary<string, PrimitiveSchema> { ["name"] = new StringSchema { Default = "nobody" }, ["age"] = new NumberSchema { IsInteger = true } },
        Required = ["name"],
    };

    private static IEnumerable<TestFixtureData> Ways => Way.All.Select(way => new TestFixtureData(way).SetArgDisplayNames(way.ToString()));

    [Test]
    [Spec("2026-07-28 client/sampling §Creating Messages")]
    [Spec("2025-11-25 client/sampling §Creating Messages")]
    [Spec("2026-07-28 client/roots §Listing Roots")]
    [Spec("2025-11-25 client/roots §Listing Roots")]
    public async Task The_model_and_the_newest_roots_are_asked_for()
    {
        var server = new McpServer("asks", "1.0.0");
        server.AddTool("ask", "Asks", async (RequestContext context, CancellationToken cancellationToken) =>
        {
            var said = await context.SampleAsync("said", "Capital of France?", 10, cancellationToken);
            var roots = await context.ListRootsAsync("roots", cancellationToken);
            return $"{((TextContent)said.Content[0]).Text} {said.Model} {string.Join(',', roots.Select(root => root.Uri))}";
        });
        await using var connected = await way.ConnectAsync(server, new McpClientOptions
        {
            OnSample = (asked, _, _) => ValueTask.FromResult<CreateMessageResult?>(new()
            {
                Role = Role.Assistant,
                Content = [new TextContent { Text = asked.MaxTokens == 10 ? "Paris" : "?" }],
                Model = "m",
            }),
            Roots = [],
        });
        await connected.Client.SetRootsAsync([new Root { Uri = "file:///a" }, new Root { Uri = "file:///b" }]);

        (await connected.Client.CallToolAsync("ask")).EnsureSuccess().Text.Should().Be("Paris m file:///a,file:///b");
    }

    [Test]
    [Spec("2026-07-28 client/elicitation §Form Mode Elicitation Requests")]
    [Spec("2025-11-25 client/elicitation §Form Mode Elicitation Requests")]
    [Spec("2026-07-28 client/elicitation §Response Actions")]
    public async Task A_form_is_filled_in_declined_or_left_at_its_defaults()
    {
        var answer = ElicitAnswer.Decline;
        var server = new McpServer("asks", "1.0.0");
        server.AddTool("ask", "Asks", async (RequestContext context, CancellationToken cancellationToken) =>
        {
            var who = await context.ElicitAsync("who", "Who are you?", NameForm, cancellationToken);
            return $"{who.Action} {who.Content?["name"]} {(who.Content?.TryGetValue("age", out var age) == true ? age : "?")}";
        });
        await using var connected = await way.ConnectAsync(server, ServerRequestTests.Eliciting((form, _) =>
        {
            form.Message.Should().Be("Who are you?");
            return answer;
        }));

        if (!way.Revision.HasElicitation)
        {
            await IsRefusedAsync(connected.Client, "ask");
            return;
        }

        (await connected.Client.CallToolAsync("ask")).EnsureSuccess().Text.Should().Be("Decline  ?");
        answer = ElicitAnswer.Accept(new JsonObject { ["name"] = "Ada", ["age"] = 36 });
        (await connected.Client.CallToolAsync("ask")).EnsureSuccess().Text.Should().Be("Accept Ada 36");
        if (way.Revision.HasUrlElicitation)
        {
            answer = ElicitAnswer.Accept();
            (await connected.Client.CallToolAsync("ask")).EnsureSuccess().Text.Should().Be("Accept nobody ?");
        }
    }

    [Test]
    [Spec("2026-07-28 client/elicitation §URL Mode Elicitation Requests")]
    [Spec("2025-11-25 client/elicitation §URL Elicitation Required Error")]
    public async Task A_tool_that_needs_a_page_works_once_the_user_was_there()
    {
        var loggedIn = false;
        McpClient? client = null;
        var server = new McpServer("asks", "1.0.0");
        server.AddTool("files", "Lists files", () => loggedIn ? "a, b" : throw new UrlElicitationRequiredException("login", "Log in.", new Uri("https://x.example/login")));
        await using var connected = await way.ConnectAsync(server, new McpClientOptions
        {
            OnElicitUrl = (page, _, _) =>
            {
                loggedIn = page.Url == "https://x.example/login";
                if (page.ElicitationId is { } id)
                    client!.CompleteElicitUrl(id).Should().BeTrue();
                return ValueTask.FromResult(ElicitAnswer.Accept());
            },
        });
        client = connected.Client;

        if (!way.Revision.HasUrlElicitation)
        {
            await IsRefusedAsync(client, "files");
            loggedIn.Should().BeFalse("nobody was asked");
            return;
        }

        (await client.CallToolAsync("files")).EnsureSuccess().Text.Should().Be("a, b");
    }

    /// <summary>A revision that has no room for the question: the call says which capability is missing.</summary>
    private static async Task IsRefusedAsync(McpClient client, string tool) =>
        (await client.Awaiting(it => it.CallToolAsync(tool)).Should().ThrowAsync<JsonRpcException>())
            .Which.Code.Should().Be(ErrorCode.MissingRequiredClientCapability);

    [Test]
    [Spec("2026-07-28 basic/patterns/mrtr §Client Requirements (Basic Workflow)")]
    public async Task Many_calls_ask_at_the_same_time_and_each_gets_its_own_answer()
    {
        var server = new McpServer("asks", "1.0.0");
        server.AddTool("ask", "Asks", async (int number, RequestContext context, CancellationToken cancellationToken) =>
            $"{number}: {((TextContent)(await context.SampleAsync("said", $"{number}", 10, cancellationToken)).Content[0]).Text}");
        var asked = new ConcurrentBag<string>();
        await using var connected = await way.ConnectAsync(server, new McpClientOptions
        {
            OnSample = async (question, _, _) =>
            {
                var number = ((TextContent)question.Messages[0].Content[0]).Text;
                asked.Add(number);
                await Task.Yield();
                return new CreateMessageResult { Role = Role.Assistant, Content = [new TextContent { Text = $"got {number}" }], Model = "m" };
            },
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => connected.Client.CallToolAsync("ask", new { number }))).WaitAsync(Patience);

        answers.Select(answer => answer.Text).Should().Equal(Enumerable.Range(0, 20).Select(number => $"{number}: got {number}"));
        asked.Should().HaveCount(20);
    }

    [Test]
    public async Task Prompts_resources_and_completions_are_had_by_their_names()
    {
        var server = new McpServer("offers", "1.0.0");
        server.AddPrompt("greet", "Greets", (string name) => $"Hello {name}");
        server.AddResource("note://a", "a", "håp");
        server.AddResource("data://b", "b", new byte[] { 1, 2 });
        server.AddResourceTemplate("note://{id}/text", "note", (string id) => $"note {id}");
        server.AddCompletion(new PromptReference { Name = "greet" }, "name", ["Ada", "Adam", "Bob"]);
        await using var connected = await way.ConnectAsync(server);
        var client = connected.Client;

        (await client.ListPromptsAsync().Select(prompt => prompt.Name).ToArrayAsync()).Should().Equal("greet");
        ((TextContent)(await client.GetPromptAsync("greet", new Dictionary<string, string> { ["name"] = "Ada" })).Messages.Single().Content).Text.Should().Be("Hello Ada");
        (await client.ListResourcesAsync().Select(resource => resource.Uri).ToArrayAsync()).Should().Equal("note://a", "data://b");
        (await client.ListResourceTemplatesAsync().Select(template => template.UriTemplate).ToArrayAsync()).Should().Equal("note://{id}/text");
        (await client.ReadResourceAsync("note://a")).Text.Should().Be("håp");
        (await client.ReadResourceAsync("data://b")).Bytes.ToArray().Should().Equal(1, 2);
        (await client.ReadResourceAsync("note://7/text")).Text.Should().Be("note 7");
        (await client.CompleteAsync(new PromptReference { Name = "greet" }, "name", "Ad")).Values.Should().Equal("Ada", "Adam");
        (await client.Awaiting(it => it.ReadResourceAsync("note://gone")).Should().ThrowAsync<JsonRpcException>())
            .Which.Code.Should().Be(way.Revision.ResourceNotFoundCode);
    }
}
