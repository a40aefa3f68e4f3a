using System.Text;

namespace OnlyMcp.Client.Stdio;

/// <summary>
/// Starts a batch file such as <c>npx.cmd</c>: only cmd.exe can, and it would take parts of an argument for commands.
/// </summary>
/// <remarks>
/// Every argument stands in quotation marks, in which cmd.exe leaves <c>&amp; | &lt; &gt; ^ ( )</c> alone. What it expands or ends
/// even there is refused instead of escaped, because the batch file's own <c>%*</c> parses the arguments once more.
/// </remarks>
internal static class WindowsBatchFile
{
    private const string Refused = "\"%\r\n\0";

    public static bool IsOne(string path) =>
        path.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".bat", StringComparison.OrdinalIgnoreCase);

    /// <summary>The command line for cmd.exe.</summary>
    /// <exception cref="ArgumentException">An argument holds a character that cmd.exe cannot be handed safely.</exception>
    public static string CommandLine(string path, IReadOnlyList<string> arguments)
    {
        // No start-up commands, no delayed expansion of !variables!, and only the outermost quotation marks taken away.
        var line = new StringBuilder("/d /v:off /s /c \"").Append(Quote(path));
        foreach (var argument in arguments)
            line.Append(' ').Append(Quote(argument));
        return line.Append('"').ToString();
    }

    private static string Quote(string argument)
    {
        if (argument.AsSpan().IndexOfAny(Refused) is var at and >= 0)
        {
            throw new ArgumentException(
                $"The argument '{argument}' holds a character (U+{(int)argument[at]:X4}) " +
                "that a Windows batch file cannot be given safely. " +
                "Start the program behind the batch file instead, such as node.exe with the path of the script.",
                nameof(argument));
        }

        // A backslash before the closing quotation mark would be read as escaping it.
        var trailing = argument.Length - argument.AsSpan().TrimEnd('\\').Length;
        return $"\"{argument}{new string('\\', trailing)}\"";
    }
}
