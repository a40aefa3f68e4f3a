using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace OnlyMcp.Client.Authorization;

/// <summary>What .NET cannot do with a folder of Linux, macOS and FreeBSD.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixFolder
{
    private const int ReadOnly = 0;

    /// <summary>Has the disk keep the names in it: without that a power cut takes back the last files that were moved.</summary>
    public static void Flush(string path)
    {
        try
        {
            using var folder = open(path, ReadOnly);
            if (folder.IsInvalid)
                throw new IOException($"'{path}' could not be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
            RandomAccess.FlushToDisk(folder);
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system that calls its library otherwise: it keeps the names too, some seconds later.
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);
}
