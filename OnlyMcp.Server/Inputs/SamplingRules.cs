using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Inputs;

/// <summary>
/// What a conversation must look like that a client's model is to go on with: each use of a tool is followed by its result.
/// </summary>
/// <remarks>
/// Spec: 2026-07-28 client/sampling §Tool Result Messages
/// Spec: 2026-07-28 client/sampling §Tool Use and Result Balance
/// </remarks>
internal static class SamplingRules
{
    public static bool UsesTools(CreateMessageRequestParams question) =>
        question.Messages.Any(message => message.Content.Any(block => block is ToolUseContent or ToolResultContent));

    /// <exception cref="ArgumentException">The conversation breaks a rule; the message says which, and where.</exception>
    public static void Check(CreateMessageRequestParams question)
    {
        string[] open = [];
        for (var at = 0; at < question.Messages.Count; at++)
        {
            var message = question.Messages[at];
            var results = message.Content.OfType<ToolResultContent>().Select(result => result.ToolUseId).ToArray();

            // MUST: a message with results of tools holds nothing else.
            if (results.Length > 0 && (results.Length < message.Content.Count || message.Role != Role.User))
                throw Broken(at, "holds results of tools beside something else; they stand in a message of the user's of their own");

            // MUST: the uses of a message are answered by the very next one, each by its id.
            if (!open.Order(StringComparer.Ordinal).SequenceEqual(results.Order(StringComparer.Ordinal)))
                throw Broken(at, $"answers the tool uses [{Listed(results)}], where those of the message before are [{Listed(open)}]");

            open = [.. message.Content.OfType<ToolUseContent>().Select(use => use.Id)];
            if (open.Length > 0 && message.Role != Role.Assistant)
                throw Broken(at, "uses tools, which only the assistant does");
        }

        if (open.Length > 0)
            throw Broken(question.Messages.Count - 1, $"uses tools ({Listed(open)}) whose results do not follow");
    }

    private static string Listed(string[] ids) => string.Join(", ", ids);

    private static ArgumentException Broken(int at, string how) => new($"Message {at} of the conversation {how}.");
}
