using System.Text.Json;
using System.Text.Json.Serialization;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Tasks;

/// <summary>
/// All that is kept of a task: what clients may ask for, and what it takes to run it again. <see cref="TaskJson"/> writes it.
/// </summary>
/// <remarks>Spec: ext-tasks tasks §Tasks</remarks>
public sealed partial record StoredTask
{
    /// <summary>Its name: 32 hexadecimal digits (128 bits) that nobody can guess.</summary>
    public required string TaskId { get; init; }

    /// <summary>Counts the changes of the record, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>Whose it is: stands for the principal; null for nobody in particular, whose task whoever knows its name may have.</summary>
    public string? Owner { get; init; }

    /// <summary>On whose behalf it runs; null for nobody in particular.</summary>
    public StoredPrincipal? Principal { get; init; }

    /// <summary>The request that became the task, such as <c>tools/call</c>.</summary>
    public required string Method { get; init; }

    /// <summary>What was called: the tool's name.</summary>
    public required string Name { get; init; }

    /// <summary>The parameters of the request, as they came.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>The version of the protocol that the request was sent in.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>Who the client said it was.</summary>
    public Implementation? ClientInfo { get; init; }

    /// <summary>What the client can do.</summary>
    public required ClientCapabilities ClientCapabilities { get; init; }

    /// <summary>How far it has come.</summary>
    public McpTaskStatus Status { get; init; }

    /// <summary>What goes on, for a person or a model.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>How far the tool says it has come; null if it does not say.</summary>
    public TaskProgress? Progress { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed; never before the last time.</summary>
    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>For how long it is kept, from its beginning; null for ever.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>How long a client should wait between two questions about it.</summary>
    public TimeSpan PollInterval { get; init; }

    /// <summary>What the client is asked and the tool has not heard the answer to yet, by key.</summary>
    public IReadOnlyDictionary<string, TaskQuestion> Questions { get; init; } = new Dictionary<string, TaskQuestion>();

    /// <summary>All keys under which the client has been asked: none of them may stand for a second question.</summary>
    public IReadOnlyList<string> UsedKeys { get; init; } = [];

    /// <summary>What the tool knows so far, should it have to run again: answers, and what runs once. For this library alone to read.</summary>
    public JsonElement? Inputs { get; init; }

    /// <summary>How often its process has died under it, and it ran again, since it last got an answer or did something once.</summary>
    public int Interruptions { get; init; }

    /// <summary>What the tool answered, if it is completed.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>What it failed with, if it has failed.</summary>
    public TaskError? Error { get; init; }

    /// <summary>Whether it has come to an end, and never changes again.</summary>
    [JsonIgnore]
    public bool IsEnded => Status is McpTaskStatus.Completed or McpTaskStatus.Failed or McpTaskStatus.Cancelled;
}

/// <summary>What a task asks its client.</summary>
public sealed record TaskQuestion
{
    /// <summary>The tool's own key for the question, where that had stood for another one already; null if the client sees the tool's key.</summary>
    public string? ToolKey { get; init; }

    /// <summary>The question.</summary>
    public required InputRequest Request { get; init; }

    /// <summary>What the client answered; null while it has not.</summary>
    public JsonElement? Answer { get; init; }

    /// <summary>The error that the client answered with; null if it has not, or with none.</summary>
    public TaskError? Refusal { get; init; }

    /// <summary>Whether the client has answered, in whatever way.</summary>
    [JsonIgnore]
    public bool IsAnswered => Answer is not null || Refusal is not null;
}
