using OnlyMcp.Client.Tasks;

namespace LongJob;

/// <summary>Where the client leaves the job's handle for its next run. Who has it has the job: on Unix the file is its owner's alone.</summary>
internal sealed class HandleFile(string path)
{
    /// <summary>The handle; null if there is none.</summary>
    /// <exception cref="FormatException">The file holds something else.</exception>
    public TaskHandle? Read() => File.Exists(path) ? TaskHandle.Parse(File.ReadAllText(path)) : null;

    /// <summary>Writes it whole or not at all, whenever this process is killed.</summary>
    public void Write(TaskHandle handle)
    {
        var draft = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(draft, options))
            writer.Write(handle.ToJson());
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>The job is over.</summary>
    public void Remove() => File.Delete(path);
}
