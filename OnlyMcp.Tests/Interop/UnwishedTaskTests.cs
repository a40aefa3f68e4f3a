using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>A server by others that wishes for a task of our client, which has none.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class UnwishedTaskTests
{
    [Spec("2025-11-25 basic/utilities/tasks §Task Support and Handling", 1)]
    [TestCase("stdio")]
    [TestCase("http")]
    [TestCase("sse")]
    public async Task The_question_is_answered_as_any_other(string transport)
    {
        await using var peer = await new PeerServer("ts-server-v1", transport, "2025-11-25", "2025-11-25")
            .ConnectAsync(new McpClientOptions { OnElicit = (_, _, _) => new(ElicitAnswer.Accept(new() { ["name"] = "Ada" })) });

        var answered = JsonElement.Parse((await peer.Client.CallToolAsync("asks-for-a-task")).EnsureSuccess().Text);

        answered.GetProperty("action").GetString().Should().Be("accept");
        answered.TryGetProperty("task", out _).Should().BeFalse();
    }
}
