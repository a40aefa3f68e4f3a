using System.Reflection;

namespace OnlyMcp.Client.Authorization;

/// <summary>Where a program keeps its tokens if it names no folder. Each program has its own, for each is a client of its own.</summary>
internal static class TokenPlace
{
    /// <summary>The folder of this program and this user.</summary>
    /// <exception cref="InvalidOperationException">This user has no home.</exception>
    public static string OfThisProgram()
    {
        var program = NameOf(Assembly.GetEntryAssembly()?.GetName().Name);
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            return Below(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "OnlyMcp", program);

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OnUnix(Environment.GetEnvironmentVariable("XDG_STATE_HOME"), home, program);
    }

    /// <summary>State is what outlives the program and is no setting; a variable that holds no absolute path is to be ignored.</summary>
    public static string OnUnix(string? stateHome, string home, string program) => Path.IsPathFullyQualified(stateHome ?? "")
        ? Path.Combine(stateHome!, "onlymcp", program)
        : Below(home, ".local", "state", "onlymcp", program);

    /// <summary>A program's name as the name of a folder.</summary>
    public static string NameOf(string? program)
    {
        var letters = string.Concat((program ?? "").Select(letter => IsSafe(letter) ? letter : '-'));
        return letters.Trim('.') is { Length: > 0 } name ? name : "program";
    }

    private static bool IsSafe(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';

    private static string Below(string home, params string[] names) => home.Length > 0
        ? Path.Combine([home, .. names])
        : throw new InvalidOperationException("This user has no home, in which tokens could be kept: name a folder for them.");
}
