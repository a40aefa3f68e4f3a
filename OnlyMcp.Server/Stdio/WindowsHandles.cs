using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace OnlyMcp.Server.Stdio;

/// <summary>Moves the standard handles aside on Windows.</summary>
/// <remarks>
/// Gap: a C runtime, or a Console writer, that took the handle before keeps it; what is printed through that still reaches the
/// client. Moving the handles aside first thing in a program avoids the latter.
/// </remarks>
[SupportedOSPlatform("windows")]
internal static partial class WindowsHandles
{
    private const int In = -10;
    private const int Out = -11;
    private const int Error = -12;
    private const uint SameAccess = 2;
    private const uint Inherit = 1;

    public static (Stream Input, Stream Output) MoveAside()
    {
        var input = TakeAside(GetStdHandle(In));
        var output = TakeAside(GetStdHandle(Out));

        // The file stays open for as long as the process lives: it is the standard input from now on, for child processes too.
        var nothing = File.OpenHandle("NUL", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Inheritable);
        nothing.SetHandleAsInvalid();
        SetStdHandle(In, nothing.DangerousGetHandle());
        SetStdHandle(Out, GetStdHandle(Error));
        return (StdioWire.StreamOf(input, FileAccess.Read), StdioWire.StreamOf(output, FileAccess.Write));
    }

    /// <summary>A copy of the handle; child processes inherit neither it nor the original. -1 if there is no such handle.</summary>
    private static nint TakeAside(nint handle)
    {
        SetHandleInformation(handle, Inherit, 0);
        var self = GetCurrentProcess();
        return DuplicateHandle(self, handle, self, out var copy, 0, inherit: false, SameAccess) ? copy : -1;
    }

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint GetStdHandle(int which);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetStdHandle(int which, nint handle);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetHandleInformation(nint handle, uint mask, uint flags);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool DuplicateHandle(
        nint sourceProcess, nint source, nint targetProcess, out nint target, uint access,
        [MarshalAs(UnmanagedType.Bool)] bool inherit, uint options);
}
