using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OnlyMcp.Client.Stdio;

/// <summary>
/// What a process has started, and that in turn: noted while the process lives, since its end leaves its children without a parent,
/// and nobody finds them any more.
/// </summary>
/// <remarks>Gap: on macOS the children of a server that ends on SIGTERM are not found, only those of one that must be killed.</remarks>
internal sealed class ProcessTree
{
    private readonly List<(int Id, string Started)> descendants = [];

    private ProcessTree()
    {
    }

    /// <summary>Notes what runs below a process.</summary>
    public static ProcessTree Below(int process)
    {
        var tree = new ProcessTree();
        if (!OperatingSystem.IsLinux())
            return tree;

        var children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? StateOf(id) : null)
            .OfType<State>()
            .ToLookup(state => state.Parent);
        tree.Note(process, children);
        return tree;
    }

    /// <summary>Kills what is left of it. Whoever has got the number of a process that has ended is left alone.</summary>
    public void KillTheRest()
    {
        foreach (var (id, started) in descendants)
        {
            if (StateOf(id)?.Started == started)
                Kill(id);
        }
    }

    private void Note(int process, ILookup<int, State> children)
    {
        foreach (var child in children[process])
        {
            descendants.Add((child.Id, child.Started));
            Note(child.Id, children);
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended in between, or is not ours to kill.
        }
    }

    private static State? StateOf(int id)
    {
        try
        {
            // "12 (name) S 1 ...": the name may hold anything, so the fields are counted from the last bracket.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new State(id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null; // It has ended in between.
        }
    }

    private sealed record State(int Id, int Parent, string Started);
}
