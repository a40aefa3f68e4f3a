using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Server.Files;

namespace OnlyMcp.Server.Tasks;

/// <summary>The files of a <see cref="FileTaskStore"/>. One process at a time has the folder, and on Unix one user.</summary>
internal sealed class TaskFolder : IDisposable
{
    private const string Record = ".json";

    private readonly OwnersFolder folder;
    private readonly ILogger logger;
    private readonly FileStream claim;

    /// <exception cref="IOException">The folder cannot be used, by this process or now; the message says what to do.</exception>
    public TaskFolder(string path, ILogger logger)
    {
        folder = new(path, "tasks", logger);
        this.logger = logger;
        claim = Claim();
    }

    /// <summary>Where the file of a task is.</summary>
    public string PathOf(string taskId) => folder.PathOf(taskId + Record);

    /// <summary>Whether it may be the name of a task, and so of a file.</summary>
    public static bool IsName(string taskId) => taskId is { Length: 32 } && taskId.All(char.IsAsciiHexDigitLower);

    /// <summary>The names of the tasks that have a file. What was not written to its end is removed, what is no task left alone.</summary>
    public IEnumerable<string> TaskIds()
    {
        foreach (var file in folder.Files().Where(file => file.Name != Path.GetFileName(claim.Name)))
        {
            var name = Path.GetFileNameWithoutExtension(file.Name);
            if (IsName(name) && file.Extension == Record)
                yield return name;
            else if (IsName(name) && file.Extension == OwnersFolder.Unfinished)
                folder.TryDelete(file.Name);
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
    public void Write(string taskId, byte[] json) => folder.Write(taskId + Record, json);

    /// <summary>Removes a task's file; where that fails, the next to open the folder does it.</summary>
    public void Delete(string taskId) => folder.TryDelete(taskId + Record);

    /// <summary>Lets other processes have the folder.</summary>
    public void Dispose() => claim.Dispose();

    private FileStream Claim()
    {
        try
        {
            // The file stays when the process ends: to remove it would let two in.
            return folder.OpenAlone("lock");
        }
        catch (UnauthorizedAccessException fault)
        {
            throw folder.NotUsable(fault);
        }
        catch (IOException fault)
        {
            throw new IOException(
                $"The folder of tasks '{folder.FullName}' could not be locked: {fault.Message} One process at a time has it: "
                + "end the other one, or give this one a folder of its own.", fault);
        }
    }
}
