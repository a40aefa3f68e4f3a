using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PersonalDb.Store;

/// <summary>A folder that belongs to its owner, and to one process at a time.</summary>
internal sealed class Folder : IDisposable
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private readonly string path;
    private readonly FileStream claim;

    /// <exception cref="IOException">Another process has it, or it cannot be used; the message says so.</exception>
    public Folder(string path)
    {
        this.path = Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(this.path);
            else
                Directory.CreateDirectory(this.path, OwnersFolder);

            // The system lets go of the lock when the process ends, however it ends. The file stays: to remove it would let two in.
            claim = Open(PathOf("lock"), FileMode.OpenOrCreate, bufferSize: 0, FileShare.None);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{this.path}' cannot be used, or another process has it: {fault.Message}", fault);
        }
    }

    public string PathOf(string file) => Path.Combine(path, file);

    public void Dispose() => claim.Dispose();

    /// <summary>Opens a file that, where it is made anew, nobody but its owner can read, whatever folder it is in.</summary>
    public static FileStream Open(string path, FileMode mode, int bufferSize, FileShare share = FileShare.Read)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = bufferSize };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersFile;
        return new FileStream(path, options);
    }

    /// <summary>Has the disk keep the names in a folder: else a power cut takes back a new one. Windows does it by itself.</summary>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        using var folder = new SafeFileHandle(OpenFolder(path, flags: 0), ownsHandle: true);
        if (folder.IsInvalid)
            throw new IOException($"'{path}' could not be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        RandomAccess.FlushToDisk(folder);
    }

    [DllImport(
        "libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint OpenFolder(string path, int flags);
}
