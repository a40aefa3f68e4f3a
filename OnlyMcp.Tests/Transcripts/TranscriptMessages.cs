using System.Text.Json.Nodes;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>One message of a replayed conversation, and the method of the request that it answers.</summary>
internal sealed record SentMessage(JsonObject Message, string From, string? Answered);

/// <summary>The messages that a conversation consists of when it is replayed, those apart that are wrong on purpose.</summary>
internal static class TranscriptMessages
{
    /// <summary>Replays a conversation over a pipe.</summary>
    public static async Task<IReadOnlyList<SentMessage>> ReplayAsync(Transcript transcript)
    {
        await using PlayedPipeClient client = PlayedPipeClient.InMemory(transcript);
        List<SentMessage> all = [];
        foreach (Turn turn in await TranscriptPlay.RunAsync(transcript, client)) all.AddRange(Messages(turn.Sent, turn.Received, all));
        return all;
    }

    // What is answered with an error was wrong on purpose, or names something that the server lacks: its error alone counts.
    private static List<SentMessage> Messages(string sent, List<string> received, List<SentMessage> before)
    {
        List<SentMessage> messages = [];
        JsonObject[] answers = [.. received.SelectMany(One)];
        if (!answers.Any(IsErrorWithoutId))
        {
            IEnumerable<JsonObject> right = One(sent).Where(message => !answers.Any(answer => IsErrorOf(answer, message)));
            messages.AddRange(right.Select(message => new SentMessage(message, "Client", Answered(message, "Server", before))));
        }

        foreach (JsonObject answer in answers)
        {
            messages.Add(new SentMessage(answer, "Server", Answered(answer, "Client", [.. before, .. messages])));
        }

        return messages;
    }

    private static bool IsErrorWithoutId(JsonObject message) => message.ContainsKey("error") && message["id"] is null;

    private static bool IsErrorOf(JsonObject answer, JsonObject message) =>
        answer.ContainsKey("error") && message.ContainsKey("method") && JsonNode.DeepEquals(answer["id"], message["id"]);

    private static string? Answered(JsonObject message, string asker, List<SentMessage> before)
    {
        if (message.ContainsKey("method")) return null;
        IEnumerable<JsonObject> asked = before.Where(earlier => earlier.From == asker).Select(earlier => earlier.Message);
        JsonObject? request = asked.LastOrDefault(
            earlier => earlier.ContainsKey("method") && JsonNode.DeepEquals(earlier["id"], message["id"]));
        return (string?)request?["method"];
    }

    private static IEnumerable<JsonObject> One(string line)
    {
        JsonNode? whole = JsonNode.Parse(line);
        return whole is JsonArray batch ? batch.Select(message => message!.AsObject()) : [whole!.AsObject()];
    }
}
