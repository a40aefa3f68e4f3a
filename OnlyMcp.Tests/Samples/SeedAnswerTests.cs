using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The calculator and weather server answers a tool's call as the seed's server did when it was recorded.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SeedAnswerTests
{
    [TestCase("sse")]
    [TestCase("mcp")]
    public async Task Multiplying_6_and_7_gives_the_recorded_texts(string path)
    {
        var recorded = RecordedTexts(Path.Combine(TestData.Folder("seed-golden"), "node-seed.sse.raw"));
        await using var server = await SamplePrograms.StartServerAsync();
        await using var client = await McpClient.ConnectAsync(server.At(path));

        var answer = await client.SendRequestAsync("tools/call", new(
            """{"name":"calculator","arguments":{"operation":"multiply","a":6,"b":7}}"""u8.ToArray()));

        recorded.Should().NotBeEmpty();
        TextsIn(answer.ToElement()).Should().Equal(recorded);
    }

    /// <summary>The texts of every tool result on the recorded event stream.</summary>
    private static string[] RecordedTexts(string file) =>
    [
        .. File.ReadLines(file)
            .Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonElement.Parse(line["data: ".Length..]))
            .Where(message => message.TryGetProperty("result", out var result) && result.TryGetProperty("content", out _))
            .SelectMany(message => TextsIn(message.GetProperty("result"))),
    ];

    private static IEnumerable<string> TextsIn(JsonElement result) =>
        result.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("text").GetString()!);
}
