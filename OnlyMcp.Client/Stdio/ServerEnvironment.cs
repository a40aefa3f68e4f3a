namespace OnlyMcp.Client.Stdio;

/// <summary>The environment that a server is started with: what programs need to run, and what the user adds.</summary>
/// <remarks>A server is somebody else's program; the keys and tokens in our environment are none of its business.</remarks>
internal static class ServerEnvironment
{
    private static readonly string[] OnUnix =
        ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "LANG", "LANGUAGE", "LC_*", "TZ", "DOTNET_ROOT"];

    private static readonly string[] OnWindows =
    [
        "PATH", "PATHEXT", "COMSPEC", "SystemRoot", "SystemDrive", "windir", "TEMP", "TMP", "USERNAME", "USERPROFILE", "HOMEDRIVE",
        "HOMEPATH", "APPDATA", "LOCALAPPDATA", "ProgramData", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "CommonProgramFiles",
        "PROCESSOR_ARCHITECTURE", "NUMBER_OF_PROCESSORS", "DOTNET_ROOT",
    ];

    public static IReadOnlyList<string> DefaultVariables => OperatingSystem.IsWindows() ? OnWindows : OnUnix;

    private static StringComparison Names => OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Leaves in <paramref name="environment"/>, which starts as ours, what the server is to have.</summary>
    public static void Apply(IDictionary<string, string?> environment, StdioClientOptions options)
    {
        foreach (var (name, value) in environment.ToArray())
        {
            // A value that begins like this is a function that an old shell would run.
            if (!IsInherited(name, options.InheritedVariables) || value?.StartsWith("()", StringComparison.Ordinal) == true)
                environment.Remove(name);
        }

        foreach (var (name, value) in options.Environment)
        {
            if (value is null)
                environment.Remove(name);
            else
                environment[name] = value;
        }
    }

    private static bool IsInherited(string name, IReadOnlyList<string> patterns) => patterns.Any(pattern => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], Names)
        : name.Equals(pattern, Names));
}
