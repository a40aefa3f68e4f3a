using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OnlyMcp.Protocol.JsonRpc;
using SdkClient = ModelContextProtocol.Client.McpClient;
using TasksExtension = OnlyMcp.Protocol.Schema.TasksExtension;

namespace OnlyMcp.Tests.Interop;

/// <summary>The C# SDK's client with tools of ours that become tasks of 2026-07-28. It does not know those of 2025-11-25.</summary>
[TestFixture("stdio")]
[TestFixture("http")]
[Parallelizable(ParallelScope.Self)]
public sealed class CSharpSdkTaskTests(string transport)
{
    private readonly ConcurrentQueue<string> asked = new();
    private ServedServer? server;
    private SdkClient? client;

    private SdkClient Client => client!;

    private CSharpSdkTasks Tasks => new(Client);

    [OneTimeSetUp]
    public async Task ConnectAsync()
    {
        server = await TaskServer.StartAsync(transport);
        client = await ConnectAnotherAsync();
    }

    [OneTimeTearDown]
    public async Task LeaveAsync()
    {
        if (client is not null)
            await client.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
    }

    [Test]
    public void It_is_told_that_the_server_has_tasks() => Client.ServerCapabilities.Extensions.Should().ContainKey(TasksExtension.Id);

    [Test]
    public async Task A_job_is_followed_by_what_it_says_to_its_result()
    {
        var isLetGo = false;
        var created = await Tasks.CallAsync("job");
        created["resultType"]!.GetValue<string>().Should().Be(TasksExtension.ResultType);

        var ended = await Tasks.FollowAsync(created, async task =>
        {
            if (isLetGo || (string?)task["statusMessage"] != "half")
                return;
            isLetGo = true;
            await Client.CallToolAsync("go");
        });

        isLetGo.Should().BeTrue();
        TextOf(ResultOf(ended)).Should().Be("done");
    }

    [Test]
    public async Task A_call_that_takes_long_becomes_a_task()
    {
        var created = await Tasks.CallAsync("late");
        await Client.CallToolAsync("go");

        TextOf(ResultOf(await Tasks.FollowAsync(created))).Should().Be("late");
    }

    [TestCase("quick")]
    [TestCase("plain")]
    public async Task A_call_that_is_no_task_is_answered_at_once(string tool) =>
        TextOf((await Tasks.CallAsync(tool)).Deserialize<CallToolResult>(McpJsonUtilities.DefaultOptions)!).Should().Be(tool);

    [Test]
    public async Task Without_the_extension_a_call_is_answered_in_line_or_refused()
    {
        TextOf(await Client.CallToolAsync("ask")).Should().Be("Hello, Ada");
        var refused = Client.Awaiting(it => it.CallToolAsync("required").AsTask());
        ((int)(await refused.Should().ThrowAsync<McpProtocolException>()).Which.ErrorCode).Should().Be(ErrorCode.MissingRequiredClientCapability);
    }

    [Test]
    public async Task A_tool_that_fails_has_a_result_that_says_so()
    {
        var ended = await Tasks.FollowAsync(await Tasks.CallAsync("fail"));

        ended["status"]!.GetValue<string>().Should().Be("completed");
        ResultOf(ended).IsError.Should().BeTrue();
    }

    [Test]
    public async Task A_tool_that_breaks_ends_in_its_error()
    {
        var ended = await Tasks.FollowAsync(await Tasks.CallAsync("break"));

        ended["status"]!.GetValue<string>().Should().Be("failed");
        ended["error"]!["code"]!.GetValue<int>().Should().Be(TaskServer.Broken);
    }

    [Test]
    public async Task The_client_is_asked_in_the_middle()
    {
        asked.Clear();

        TextOf(ResultOf(await Tasks.FollowAsync(await Tasks.CallAsync("several")))).Should().Be("Ada, Roses, file:///theirs");
        asked.Should().Equal("elicitation", "sampling", "roots");
    }

    [Test]
    public async Task A_cancel_reaches_the_tool()
    {
        var taskId = (string)(await Tasks.CallAsync("wait"))["taskId"]!;

        await Tasks.CancelAsync(taskId);

        ((string)(await Tasks.GetAsync(taskId))["status"]!).Should().Be("cancelled");
        TextOf(await Client.CallToolAsync("cancelled")).Should().Be("cancelled");
    }

    [Test]
    public async Task An_unknown_task_is_an_error()
    {
        var unknown = await Tasks.Awaiting(tasks => tasks.GetAsync("no-such-task")).Should().ThrowAsync<McpProtocolException>();

        ((int)unknown.Which.ErrorCode).Should().Be(ErrorCode.InvalidParams);
    }

    [Test]
    public async Task A_task_is_found_over_another_connection()
    {
        var created = await Tasks.CallAsync("job");
        await using var other = await ConnectAnotherAsync();
        await other.CallToolAsync("go");

        TextOf(ResultOf(await new CSharpSdkTasks(other).FollowAsync(created))).Should().Be("done");
    }

    private async Task<SdkClient> ConnectAnotherAsync()
    {
        var ada = new ElicitResult { Action = "accept", Content = new Dictionary<string, JsonElement> { ["name"] = JsonSerializer.SerializeToElement("Ada") } };
        return await SdkClient.CreateAsync(new CSharpSdkClient(transport, "2026-07-28", "2026-07-28").To(server!.Target), new()
        {
            ProtocolVersion = "2026-07-28",
            Capabilities = new() { Elicitation = new() { Form = new() }, Sampling = new(), Roots = new() },
            Handlers = new()
            {
                ElicitationHandler = (_, _) => Answered("elicitation", ada),
                SamplingHandler = (_, _, _) => Answered(
                    "sampling", new CreateMessageResult { Role = Role.Assistant, Content = [new TextContentBlock { Text = "Roses" }], Model = "m1" }),
                RootsHandler = (_, _) => Answered("roots", new ListRootsResult { Roots = [new Root { Uri = "file:///theirs" }] }),
            },
        });
    }

    private ValueTask<T> Answered<T>(string question, T answer)
    {
        asked.Enqueue(question);
        return new(answer);
    }

    private static CallToolResult ResultOf(JsonNode task) => task["result"].Deserialize<CallToolResult>(McpJsonUtilities.DefaultOptions)!;

    private static string TextOf(CallToolResult result) => result.Content.OfType<TextContentBlock>().Single().Text;
}
