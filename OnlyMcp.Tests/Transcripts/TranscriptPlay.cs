using System.Text.Json.Nodes;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>Plays the client of a conversation against a server.</summary>
internal static class TranscriptPlay
{
    private const string TaskStatus = "notifications/tasks/status";

    /// <summary>Sends what the client sends, and holds what comes against what was due.</summary>
    /// <returns>The conversation as it was, with a value for every placeholder.</returns>
    public static async Task<IReadOnlyList<Turn>> RunAsync(Transcript transcript, PlayedClient client)
    {
        var placeholders = new Placeholders();
        var isToldOfStatus = transcript.Turns.Any(turn => turn.Received.Any(IsTaskStatus));
        List<Turn> turns = [];
        foreach (var turn in transcript.Turns)
        {
            var played = new Turn(placeholders.Fill(turn.Sent), []) { Headers = turn.Headers };
            await client.SendAsync(played);
            while (played.Received.Count < turn.Received.Count)
            {
                var message = await NextAsync(client, turn, played);
                if (isToldOfStatus || !IsTaskStatus(message))
                    played.Received.Add(message);
            }

            Compare(turn, played, placeholders);
            turns.Add(played);
        }

        (await client.RestAsync()).Where(message => isToldOfStatus || !IsTaskStatus(message)).Should().BeEmpty("nothing else was due");
        return turns;
    }

    /// <summary>Whether a message belongs to no request: it may then come before or after those that stand beside it.</summary>
    public static bool IsNews(string message) =>
        JsonNode.Parse(message) is JsonObject told && (string?)told["method"] is { } method
        && (method.EndsWith("/list_changed", StringComparison.Ordinal) || method switch
        {
            "notifications/resources/updated" or "notifications/elicitation/complete" or "notifications/tasks" or TaskStatus => true,
            "notifications/progress" => told["params"]?["_meta"]?["io.modelcontextprotocol/related-task"] is not null,
            _ => false,
        });

    private static bool IsTaskStatus(string message) => message.Contains($"\"{TaskStatus}\"", StringComparison.Ordinal);

    private static async Task<string> NextAsync(PlayedClient client, Turn due, Turn played)
    {
        try
        {
            return await client.NextAsync();
        }
        catch (Exception fault) when (fault is TimeoutException or EndOfStreamException)
        {
            throw new AssertionException(Story(due, played), fault);
        }
    }

    private static void Compare(Turn due, Turn played, Placeholders placeholders)
    {
        foreach (var news in new[] { false, true })
        {
            string[] expected = [.. due.Received.Where(message => IsNews(message) == news)];
            string[] received = [.. played.Received.Where(message => IsNews(message) == news)];
            received.Should().HaveSameCount(expected, Story(due, played).Replace("{", "{{").Replace("}", "}}"));
            foreach (var (one, other) in expected.Zip(received))
            {
                if (!placeholders.Matches(one, other))
                    Assert.Fail(Story(due, played));
            }
        }
    }

    private static string Story(Turn due, Turn played) => string.Join(
        Environment.NewLine,
        [$"--> {played.Sent}", "was to be answered with", .. due.Received.Select(line => $"<-- {line}"), "and was with", .. played.Received.Select(line => $"<-- {line}")]);
}
