using System.Globalization;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>How many connections a process may have: each is a file to the system.</summary>
internal static class OpenFiles
{
    /// <summary>What a process has open beside the connections that are counted.</summary>
    private const int Others = 100;

    /// <summary>As many connections as are wished, or as the system allows; says so where that is less.</summary>
    public static int Within(int wished)
    {
        if (Most() is not { } most || most >= wished + Others)
            return wished;

        if (most <= Others)
            throw new InvalidDataException($"A process may have {most} files open here, which is too few to measure anything: run 'ulimit -n 1024' before.");
        Console.WriteLine(
            $"A process may have {most} files open here, and {wished} streams need {wished + Others} in this process and in each server: "
            + $"{most - Others} are held instead. Run 'ulimit -n {wished + Others}' before, as an administrator if it is refused.");
        return most - Others;
    }

    /// <summary>The limit that counts, which .NET has raised as far as it goes; null where the system does not tell.</summary>
    private static int? Most() => File.Exists("/proc/self/limits")
        && File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
        && int.TryParse(line[26..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var most)
            ? most
            : null;
}
