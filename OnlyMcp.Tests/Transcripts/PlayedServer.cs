using System.Text.Json.Nodes;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>
/// The server of a conversation, for our client: it waits for each line of the client, and answers with the lines of the server. Ids and
/// progress tokens are the client's choice: those of the transcript are exchanged for them.
/// </summary>
internal sealed class PlayedServer(IReadOnlyList<Turn> turns, IPlayedLine client)
{
    private const string SubscriptionId = "io.modelcontextprotocol/subscriptionId";

    private readonly Dictionary<string, JsonNode> ids = [];
    private readonly Dictionary<string, JsonNode> tokens = [];
    private JsonNode? overtaking;

    /// <summary>Plays to the end of the conversation.</summary>
    public async Task PlayAsync()
    {
        foreach (var turn in turns)
        {
            var due = JsonNode.Parse(turn.Sent)!;
            Compare(due, await NextAsync(due));
            if (turn.Headers.Count > 0)
                client.ParameterHeaders?.Should().BeEquivalentTo(turn.Headers);
            foreach (var line in turn.Received)
                await client.SendAsync(ForClient(JsonNode.Parse(line)!).ToJsonString());
        }
    }

    /// <summary>The next message. Over HTTP the news that a request was given up may be overtaken by what comes after.</summary>
    private async Task<JsonNode> NextAsync(JsonNode due)
    {
        var sent = overtaking ?? await ReadAsync();
        overtaking = null;
        if (!IsCancellation(due) || IsCancellation(sent))
            return sent;

        overtaking = sent;
        return await ReadAsync();
    }

    private async Task<JsonNode> ReadAsync() => JsonNode.Parse((await client.NextAsync()).GetRawText())!;

    private static bool IsCancellation(JsonNode message) => message is JsonObject && (string?)message["method"] == "notifications/cancelled";

    private void Compare(JsonNode due, JsonNode sent)
    {
        Exchange(due, sent);
        if (!JsonNode.DeepEquals(due, sent))
            Assert.Fail($"The client was to send{Environment.NewLine}--> {due.ToJsonString()}{Environment.NewLine}and sent{Environment.NewLine}--> {sent.ToJsonString()}");
    }

    /// <summary>Puts into what is due what the client chose, and remembers it.</summary>
    private void Exchange(JsonNode due, JsonNode sent)
    {
        if (due["method"] is null)
            return;

        Exchange(due, sent, "id", ids);
        if (due["params"] is not { } parameters)
            return;

        if (parameters["_meta"] is { } meta)
            Exchange(meta, sent["params"]?["_meta"], "progressToken", tokens);
        Replace(parameters, "requestId", ids);
    }

    private static void Exchange(JsonNode due, JsonNode? sent, string member, Dictionary<string, JsonNode> chosen)
    {
        if (due[member] is not { } own || sent?[member] is not { } other)
            return;

        chosen[own.ToJsonString()] = other.DeepClone();
        due[member] = other.DeepClone();
    }

    private JsonNode ForClient(JsonNode message)
    {
        if (message["method"] is null)
            Replace(message, "id", ids);
        if (message["params"] is { } parameters)
        {
            Replace(parameters, "progressToken", tokens);
            Replace(parameters, "requestId", ids);
        }

        if ((message["params"] ?? message["result"])?["_meta"] is { } meta)
            Replace(meta, SubscriptionId, ids);
        return message;
    }

    private static void Replace(JsonNode members, string member, Dictionary<string, JsonNode> chosen)
    {
        if (members[member] is { } own && chosen.TryGetValue(own.ToJsonString(), out var other))
            members[member] = other.DeepClone();
    }
}
