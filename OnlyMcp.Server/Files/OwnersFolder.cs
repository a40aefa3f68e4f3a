using Microsoft.Extensions.Logging;

namespace OnlyMcp.Server.Files;

/// <summary>A folder on disk whose files are there as a whole or not at all, and on Unix are one user's alone.</summary>
/// <remarks>
/// A file is written beside the one that it replaces, and takes its place when the disk has it: whenever the process is killed, one of
/// them is there as a whole. Two that write the same file at once are kept apart by whoever uses the folder.
/// </remarks>
internal sealed class OwnersFolder
{
    /// <summary>What the name of a file ends with that was not written to its end.</summary>
    public const string Unfinished = ".tmp";

    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersAlone = OwnersFile | UnixFileMode.UserExecute;

    private readonly DirectoryInfo folder;
    private readonly string content;
    private readonly ILogger logger;

    /// <param name="path">Where it is, or is made.</param>
    /// <param name="content">What is in it, for messages: <c>tasks</c>.</param>
    /// <param name="logger">Hears of files that cannot be removed, and of a folder that is open to others.</param>
    /// <exception cref="IOException">It cannot be used by this process; the message says what to do.</exception>
    public OwnersFolder(string path, string content, ILogger logger)
    {
        folder = new(path);
        this.content = content;
        this.logger = logger;
        try
        {
            Make();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw NotUsable(fault);
        }
    }

    /// <summary>Where it is.</summary>
    public string FullName => folder.FullName;

    /// <summary>Where a file of it is.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>The files that are in it.</summary>
    public IEnumerable<FileInfo> Files() => folder.EnumerateFiles();

    /// <summary>What to say where the folder belongs to somebody else.</summary>
    public IOException NotUsable(UnauthorizedAccessException fault) =>
        new($"The folder of {content} '{folder.FullName}' cannot be used: {fault.Message} It has to belong to this user.", fault);

    /// <summary>Opens a file for nobody else, until it is closed or the process ends, however it ends.</summary>
    public FileStream OpenAlone(string name) => new(PathOf(name), Options(FileMode.OpenOrCreate));

    /// <summary>Puts a file into the place of the one before it, if there is one; on disk when it returns.</summary>
    /// <exception cref="IOException">It could not; the file before it is still there.</exception>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = PathOf(name);
        var unfinished = Path.ChangeExtension(path, Unfinished);
        try
        {
            using (var file = new FileStream(unfinished, Options(FileMode.Create)))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
            FlushNames();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            TryDelete(Path.GetFileName(unfinished));
            throw new IOException($"'{path}' could not be written: {fault.Message}", fault);
        }
    }

    /// <summary>Removes a file, if there is one; gone from the disk when it returns.</summary>
    /// <exception cref="IOException">It could not, and is still there.</exception>
    public void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
            FlushNames();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new IOException($"'{PathOf(name)}' could not be removed: {fault.Message}", fault);
        }
    }

    /// <summary>Removes a file that is of no use any more; where that fails, the log hears of it.</summary>
    public void TryDelete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(fault, "'{File}' could not be removed, and is of no use any more.", PathOf(name));
        }
    }

    private void FlushNames()
    {
        if (!OperatingSystem.IsWindows())
            UnixFolder.Flush(folder.FullName);
    }

    private void Make()
    {
        if (OperatingSystem.IsWindows())
        {
            folder.Create();
            return;
        }

        Directory.CreateDirectory(folder.FullName, OwnersAlone);
        if (!folder.EnumerateFileSystemInfos().Any())
            folder.UnixFileMode = OwnersAlone;
        else if ((folder.UnixFileMode & ~OwnersAlone) != 0)
            logger.LogWarning(
                "Others than its owner can look into '{Folder}', and see the names of {Content}: chmod 700.", folder.FullName, content);
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersFile;
        return options;
    }
}
