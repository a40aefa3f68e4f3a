using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace OnlyMcp.Server.Stdio;

/// <summary>Moves the descriptors 0 and 1 aside on Linux, macOS and FreeBSD.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixDescriptors
{
    private const int In = 0;
    private const int Out = 1;
    private const int Error = 2;

    // Sets close-on-exec. fcntl would do too, but its third argument is variadic, which a plain call cannot pass on Apple's processors.
    private const nuint CloseOnExec = 0x20006601;
    private const nuint CloseOnExecOnLinux = 0x5451;
    private const int CloseOnExecFlag = 0x80000;

    public static (Stream Input, Stream Output) MoveAside()
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var empty = (int)nothing.DangerousGetHandle();
        if (OperatingSystem.IsLinux())
            TurnCopies(empty);

        var input = TakeAside(In);
        var output = TakeAside(Out);
        dup2(empty, In);
        if (dup2(Error, Out) < 0)
            dup2(empty, Out); // Standard error is closed.
        return (StdioWire.StreamOf(input, FileAccess.Read), StdioWire.StreamOf(output, FileAccess.Write));
    }

    /// <summary>A copy of the descriptor that child processes do not inherit; -1 if there is no such descriptor.</summary>
    private static int TakeAside(int descriptor)
    {
        var copy = dup(descriptor);
        if (copy >= 0)
            ioctl(copy, IsUsualLinux ? CloseOnExecOnLinux : CloseOnExec);
        return copy;
    }

    private static bool IsUsualLinux => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture != Architecture.Ppc64le;

    /// <summary>
    /// Whoever has used Console before us (a logger, say) holds a copy of the descriptor, which our dup2 does not reach: these copies
    /// are turned too. Only those of pipes and sockets, which are recognised by a number that is theirs alone.
    /// </summary>
    private static void TurnCopies(int empty)
    {
        var input = TargetOf(In);
        var output = TargetOf(Out);
        foreach (var copy in OpenDescriptors())
        {
            var target = TargetOf(copy);
            if (target is null)
                continue;
            if (target == output && target != TargetOf(Error))
                dup3(Error, copy, CloseOnExecFlag);
            else if (target == input)
                dup3(empty, copy, CloseOnExecFlag);
        }
    }

    private static int[] OpenDescriptors() =>
    [
        .. Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(path => int.TryParse(Path.GetFileName(path), out var number) ? number : Error)
            .Where(number => number > Error),
    ];

    private static string? TargetOf(int descriptor)
    {
        try
        {
            var target = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
            return target?.Split(':')[0] is "pipe" or "socket" ? target : null;
        }
        catch (IOException)
        {
            return null; // Closed in between.
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup3(int from, int to, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request);
}
