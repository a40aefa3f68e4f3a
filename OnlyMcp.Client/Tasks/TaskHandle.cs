using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Client.Tasks;

/// <summary>
/// What is needed to find a task again: small, and fit to be stored. <see cref="McpClient.ResumeTask"/> goes on with it, in another
/// process too. Treat it as a secret: a server without logins gives the result to whoever knows the id.
/// </summary>
/// <remarks>
/// Spec: ext-tasks tasks §Task Polling
/// Spec: ext-tasks tasks §Security Considerations
/// </remarks>
public sealed record TaskHandle
{
    /// <summary>The task's name on its server.</summary>
    public required string TaskId { get; init; }

    /// <summary>The tool that was called.</summary>
    public required string Tool { get; init; }

    /// <summary>When the task began, by the server's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The handle as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, TaskJson.Default.TaskHandle);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static TaskHandle Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            if (JsonSerializer.Deserialize(json, TaskJson.Default.TaskHandle) is { TaskId.Length: > 0, Tool.Length: > 0 } handle)
                return handle;
        }
        catch (JsonException fault)
        {
            throw NoHandle(fault);
        }

        throw NoHandle(null);
    }

    private static FormatException NoHandle(JsonException? cause) =>
        new($"This is no handle of a task: give what {nameof(ToJson)} wrote, an object with 'taskId' and 'tool'.", cause);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNameCaseInsensitive = false)]
[JsonSerializable(typeof(TaskHandle))]
internal sealed partial class TaskJson : JsonSerializerContext;
