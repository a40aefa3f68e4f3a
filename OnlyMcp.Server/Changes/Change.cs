namespace OnlyMcp.Server.Changes;

/// <summary>Something that a server offers has changed, and clients that asked for it are told.</summary>
/// <param name="Kind">What has changed.</param>
/// <param name="Uri">The resource's address, where one resource has changed; otherwise null.</param>
/// <param name="TaskId">The task's name, where a task has changed; otherwise null.</param>
public sealed record Change(ChangeKind Kind, string? Uri = null, string? TaskId = null);

/// <summary>What has changed.</summary>
public enum ChangeKind
{
    /// <summary>The list of tools.</summary>
    ToolsListChanged,

    /// <summary>The list of prompts.</summary>
    PromptsListChanged,

    /// <summary>The list of resources or of resource templates.</summary>
    ResourcesListChanged,

    /// <summary>What one resource holds.</summary>
    ResourceUpdated,

    /// <summary>How far a task has come.</summary>
    TaskChanged,
}
