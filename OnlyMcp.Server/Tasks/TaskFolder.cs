using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace OnlyMcp.Server.Tasks;

/// <summary>The files of a <see cref="FileTaskStore"/>. One process at a time has the folder, and on Unix one user.</summary>
/// <remarks>
/// A record is written beside the one that it replaces, and takes its place when the disk has it: whenever the process is killed, one of
/// them is there as a whole.
/// </remarks>
internal sealed class TaskFolder : IDisposable
{
    private const string Record = ".json";
    private const string Unfinished = ".tmp";
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private readonly DirectoryInfo folder;
    private readonly ILogger logger;
    private readonly FileStream claim;

    /// <exception cref="IOException">The folder cannot be used, by this process or now; the message says what to do.</exception>
    public TaskFolder(string path, ILogger logger)
    {
        folder = new(path);
        this.logger = logger;
        try
        {
            Make();
            claim = Claim();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new IOException(
                $"The folder of tasks '{folder.FullName}' cannot be used: {fault.Message} It has to belong to this user.", fault);
        }
    }

    /// <summary>Where the file of a task is.</summary>
    public string PathOf(string taskId) => Path.Combine(folder.FullName, taskId + Record);

    /// <summary>Whether it may be the name of a task, and so of a file.</summary>
    public static bool IsName(string taskId) => taskId is { Length: 32 } && taskId.All(char.IsAsciiHexDigitLower);

    /// <summary>The names of the tasks that have a file. What was not written to its end is removed, what is no task left alone.</summary>
    public IEnumerable<string> TaskIds()
    {
        foreach (var file in folder.EnumerateFiles().Where(file => file.Name != Path.GetFileName(claim.Name)))
        {
            var name = Path.GetFileNameWithoutExtension(file.Name);
            if (IsName(name) && file.Extension == Record)
                yield return name;
            else if (IsName(name) && file.Extension == Unfinished)
                DeleteFile(file.FullName);
            else
                logger.LogWarning("'{File}' is no task. It is left alone; the folder should hold nothing but tasks.", file.FullName);
        }
    }

    /// <summary>Reads a task, and how many bytes it takes.</summary>
    /// <exception cref="IOException">It has more bytes than that, or cannot be read.</exception>
    /// <exception cref="JsonException">It is no task, or not that one.</exception>
    public (StoredTask Task, int Size) Read(string taskId, long maxBytes)
    {
        var path = PathOf(taskId);
        if (new FileInfo(path).Length > maxBytes)
            throw new IOException($"it has more than {maxBytes} bytes");

        var json = File.ReadAllBytes(path);
        var task = TaskJson.Read(json);
        return task.TaskId == taskId
            ? (task, json.Length)
            : throw new JsonException($"it says that it is the task '{task.TaskId}'");
    }

    /// <summary>Puts a record into the place of the one before it, if there is one; on disk when it returns.</summary>
    /// <exception cref="IOException">It could not; the record before it is still there.</exception>
    public void Write(string taskId, byte[] json)
    {
        var path = PathOf(taskId);
        var unfinished = Path.ChangeExtension(path, Unfinished);
        try
        {
            using (var file = new FileStream(unfinished, Options(FileMode.Create)))
            {
                file.Write(json);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
            if (!OperatingSystem.IsWindows())
                UnixFolder.Flush(folder.FullName);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            DeleteFile(unfinished);
            throw new IOException($"The task could not be written to '{path}': {fault.Message}", fault);
        }
    }

    /// <summary>Removes a task's file; where that fails, the next to open the folder does it.</summary>
    public void Delete(string taskId) => DeleteFile(PathOf(taskId));

    /// <summary>Lets other processes have the folder.</summary>
    public void Dispose() => claim.Dispose();

    private void Make()
    {
        if (OperatingSystem.IsWindows())
        {
            folder.Create();
            return;
        }

        Directory.CreateDirectory(folder.FullName, OwnersFolder);
        if (!folder.EnumerateFileSystemInfos().Any())
            folder.UnixFileMode = OwnersFolder;
        else if ((folder.UnixFileMode & ~OwnersFolder) != 0)
            logger.LogWarning("Others than its owner can look into '{Folder}', and see the names of tasks: chmod 700.", folder.FullName);
    }

    private FileStream Claim()
    {
        // The system lets go of it when the process ends, however it ends. The file stays: to remove it would let two in.
        var path = Path.Combine(folder.FullName, "lock");
        try
        {
            return new FileStream(path, Options(FileMode.OpenOrCreate));
        }
        catch (IOException fault)
        {
            throw new IOException(
                $"The folder of tasks '{folder.FullName}' could not be locked: {fault.Message} One process at a time has it: "
                + "end the other one, or give this one a folder of its own.", fault);
        }
    }

    private void DeleteFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(fault, "'{File}' could not be removed, and is of no use any more.", path);
        }
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersFile;
        return options;
    }
}
