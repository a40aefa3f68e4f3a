namespace OnlyMcp.Server.Tasks;

/// <summary>Keeps tasks in a folder of its own, one file for each, so that they outlive the process.</summary>
public sealed class FileTaskStore
{
}
