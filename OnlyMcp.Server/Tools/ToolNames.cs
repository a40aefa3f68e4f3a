using Microsoft.Extensions.Logging;

namespace OnlyMcp.Server.Tools;

/// <summary>Which names a tool should have. Others are offered all the same; some clients refuse them.</summary>
/// <remarks>Spec: 2026-07-28 server/tools §Tool Names</remarks>
internal static class ToolNames
{
    private const int Longest = 128;

    /// <summary>Warns of each tool, when it is added, whose name some clients refuse.</summary>
    public static Action<McpTool> Watch(ILogger logger) => tool =>
    {
        if (WhatIsWrongWith(tool.Name) is { } wrong)
            logger.LogWarning("The tool name '{Tool}' {Wrong}; some clients will refuse it.", tool.Name, wrong);
    };

    private static string? WhatIsWrongWith(string name)
    {
        // SHOULD: 1 to 128 characters; letters, digits, underscore, hyphen and dot.
        if (name.Length is 0 or > Longest)
            return $"has {name.Length} characters, and should have 1 to {Longest}";
        return name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-' or '.'))
            ? "holds something else than letters, digits, '_', '-' and '.'"
            : null;
    }
}
