using System.Diagnostics;

namespace OnlyMcp.Client.Stdio;

/// <summary>Finds the program that a command names, and hands it its arguments without a shell.</summary>
internal static class ServerCommand
{
    private static readonly string[] WithoutExtension = [""];

    /// <summary>What to start, with the server's environment in place.</summary>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    /// <exception cref="ArgumentException">An argument cannot be handed to a Windows batch file safely.</exception>
    public static ProcessStartInfo ToStartInfo(StdioClientOptions options)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = options.WorkingDirectory ?? "",
        };
        ServerEnvironment.Apply(start.Environment, options);
        start.FileName = Find(options.Command, start);
        if (WindowsBatchFile.IsOne(start.FileName) && OperatingSystem.IsWindows())
        {
            start.Arguments = WindowsBatchFile.CommandLine(start.FileName, options.Arguments);
            start.FileName = Path.Combine(System.Environment.SystemDirectory, "cmd.exe");
            return start;
        }

        foreach (var argument in options.Arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>
    /// A bare name is looked for in PATH alone: the framework would try the current directory first, where anybody may have put a
    /// program of that name.
    /// </summary>
    private static string Find(string command, ProcessStartInfo start)
    {
        if (command.Contains(Path.DirectorySeparatorChar) || command.Contains(Path.AltDirectorySeparatorChar))
        {
            var path = Path.GetFullPath(command, FullPathOf(start.WorkingDirectory));
            return Complete(path) ?? throw NotFound(command, "there is no such file");
        }

        foreach (var folder in (start.Environment.TryGetValue("PATH", out var folders) ? folders ?? "" : "").Split(Path.PathSeparator))
        {
            if (Path.IsPathFullyQualified(folder) && Complete(Path.Combine(folder, command)) is { } found)
                return found;
        }

        throw NotFound(command, "it is in no folder of PATH");
    }

    private static string FullPathOf(string directory) => Path.GetFullPath(directory.Length == 0 ? "." : directory);

    private static string? Complete(string path) => Extensions(path).Select(extension => path + extension).FirstOrDefault(IsProgram);

    /// <summary>Choice: programs before batch files, whatever PATHEXT says, since a batch file needs cmd.exe and its quoting.</summary>
    private static string[] Extensions(string path) =>
        OperatingSystem.IsWindows() && !Path.HasExtension(path) ? [".exe", ".com", ".cmd", ".bat"] : WithoutExtension;

    private static bool IsProgram(string path)
    {
        if (!File.Exists(path))
            return false;

        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != 0;
    }

    private static FileNotFoundException NotFound(string command, string why) =>
        new($"The server's command '{command}' was not found: {why}.", command);
}
