using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Tasks;

/// <summary>How far a task had come when the server was last heard of it.</summary>
/// <remarks>Spec: ext-tasks tasks §Tasks</remarks>
public sealed record TaskSnapshot
{
    /// <summary>The task's name, chosen by the server. Whoever knows it may be able to read the result: keep it as you keep that.</summary>
    public required string Id { get; init; }

    /// <summary>How far it has come.</summary>
    public required McpTaskStatus Status { get; init; }

    /// <summary>What goes on, for a person or a model to read; null if the server does not say.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>When the task began, by the server's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When something about it last changed, by the server's clock.</summary>
    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>For how long the server keeps it, from <see cref="CreatedAt"/> on; null for ever. May change.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>How long the server wants to be left alone between two questions; null if it does not say. May change.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Whether it is completed, failed or cancelled: it never changes again.</summary>
    public bool IsFinal => Status is McpTaskStatus.Completed or McpTaskStatus.Failed or McpTaskStatus.Cancelled;

    /// <summary>A server may write any number: what no span of time can hold is the longest one.</summary>
    internal static TimeSpan? Span(long? milliseconds) => milliseconds switch
    {
        null => null,
        > 900_000_000_000_000 => TimeSpan.MaxValue,
        < 0 => TimeSpan.Zero,
        var some => TimeSpan.FromMilliseconds(some.Value),
    };
}
