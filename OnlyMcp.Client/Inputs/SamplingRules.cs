using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Inputs;

/// <summary>What a conversation must look like before a language model sees it.</summary>
/// <remarks>
/// Spec: 2026-07-28 client/sampling §Message Content Constraints
/// Spec: 2026-07-28 client/sampling §Tools in Sampling
/// </remarks>
internal static class SamplingRules
{
    /// <exception cref="BadInputRequestException">A rule is broken; the message says which.</exception>
    public static void Check(CreateMessageRequestParams asked, bool mayUseTools)
    {
        // MUST: tools come only to a client that declared them.
        if ((asked.Tools ?? (object?)asked.ToolChoice) is not null && !mayUseTools)
            throw new BadInputRequestException("The client has not declared sampling.tools: send neither 'tools' nor 'toolChoice'.");

        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in asked.Messages)
            CheckMessage(message, open);
        if (open.Count > 0)
            throw Missing(open);
    }

    /// <summary>MUST: each use of a tool is followed by its result, in a message of results alone, before anything else.</summary>
    private static void CheckMessage(SamplingMessage message, HashSet<string> open)
    {
        var results = message.Content.OfType<ToolResultContent>().Select(result => result.ToolUseId).ToHashSet(StringComparer.Ordinal);
        if (results.Count > 0 && !(message.Role == Role.User && message.Content.All(piece => piece is ToolResultContent)))
            throw new BadInputRequestException("Tool results mixed with other content: a message of the user holds them alone.");
        if (!open.SetEquals(results))
            throw open.Count > 0 ? Missing(open) : new BadInputRequestException("A tool result stands where no tool was used before.");

        open.Clear();
        if (message.Role == Role.Assistant)
            open.UnionWith(message.Content.OfType<ToolUseContent>().Select(use => use.Id));
    }

    private static BadInputRequestException Missing(HashSet<string> open) =>
        new($"Tool result missing in request: the message after uses of tools holds the result of each ({string.Join(", ", open.Take(5))}).");
}
