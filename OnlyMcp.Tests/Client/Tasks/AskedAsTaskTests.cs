using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Client.Tasks.TaskScript;

namespace OnlyMcp.Tests.Client.Tasks;

/// <summary>A client takes no requests as tasks, and says so; servers may wish for one all the same.</summary>
public sealed class AskedAsTaskTests
{
    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Capabilities", 1)]
    [Spec("2025-11-25 basic/utilities/tasks §Task Support and Handling", 1)]
    public async Task What_a_client_is_asked_as_a_task_it_answers_at_once()
    {
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport, Quick with
        {
            OnElicit = (_, _, _) => ValueTask.FromResult(ElicitAnswer.Decline),
            OnSample = (_, _, _) => ValueTask.FromResult<CreateMessageResult?>(
                new() { Role = Role.Assistant, Model = "m", Content = [new TextContent { Text = "a" }] }),
        });
        await pipe.ErrorAsync(await pipe.NextAsync("server/discover"), -32601);
        var initialize = await pipe.NextAsync("initialize");
        await pipe.ResultAsync(initialize, Initialized());
        await pipe.NextAsync("notifications/initialized");
        await using var client = await connecting;

        initialize.GetProperty("params").GetProperty("capabilities").TryGetProperty("tasks", out _).Should().BeFalse();
        (await AskAsync("elicitation/create", """ "message":"Who?","requestedSchema":{"type":"object","properties":{}} """))
            .GetProperty("action").GetString().Should().Be("decline");
        (await AskAsync("sampling/createMessage", """ "messages":[],"maxTokens":1 """)).GetProperty("model").GetString().Should().Be("m");

        async Task<JsonElement> AskAsync(string method, string parameters)
        {
            await pipe.SendAsync($$$"""{"jsonrpc":"2.0","id":"q","method":"{{{method}}}","params":{ {{{parameters}}},"task":{"ttl":1000} } }""");
            return (await pipe.NextAsync()).GetProperty("result");
        }
    }
}
