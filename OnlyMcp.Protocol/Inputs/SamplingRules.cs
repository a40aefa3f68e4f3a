using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Protocol.Inputs;

/// <summary>
/// What a conversation must look like that a client's language model is to go on with: each use of a tool is followed by its result.
/// </summary>
/// <remarks>
/// The one who asks keeps to it, and the one who is asked looks again.
/// Spec: 2026-07-28 client/sampling §Tool Result Messages
/// Spec: 2026-07-28 client/sampling §Tool Use and Result Balance
/// </remarks>
public static class SamplingRules
{
    /// <summary>Which rule the conversation breaks, and where, in a sentence; null if it keeps to all.</summary>
    public static string? WhatIsWrong(CreateMessageRequestParams question)
    {
        ArgumentNullException.ThrowIfNull(question);
        string[] open = [];
        for (var at = 0; at < question.Messages.Count; at++)
        {
            if (WhatIsWrong(question.Messages[at], open) is { } problem)
                return $"Message {at} of the conversation {problem}.";
            open = UsesIn(question.Messages[at]);
        }

        return open.Length == 0
            ? null
            : $"Message {question.Messages.Count - 1} of the conversation uses tools ({Listed(open)}) whose results do not follow.";
    }

    private static string? WhatIsWrong(SamplingMessage message, string[] open)
    {
        var results = message.Content.OfType<ToolResultContent>().Select(result => result.ToolUseId).ToArray();

        // MUST: a message with results of tools holds nothing else.
        if (results.Length > 0 && (results.Length < message.Content.Count || message.Role != Role.User))
            return "holds results of tools beside something else; they stand in a message of the user's of their own";

        // MUST: the uses of a message are answered by the very next one, each by its id.
        if (!open.Order(StringComparer.Ordinal).SequenceEqual(results.Order(StringComparer.Ordinal)))
            return $"answers the tool uses [{Listed(results)}], where those of the message before are [{Listed(open)}]";
        return message.Role != Role.Assistant && UsesIn(message).Length > 0 ? "uses tools, which only the assistant does" : null;
    }

    private static string[] UsesIn(SamplingMessage message) => [.. message.Content.OfType<ToolUseContent>().Select(use => use.Id)];

    private static string Listed(string[] ids) => string.Join(", ", ids.Take(5)) + (ids.Length > 5 ? ", ..." : "");
}
