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

    /// <summary>
    /// The handle of the task that <c>CallToolAsync</c> no longer waits for, because this went wrong on the way; null if there is none.
    /// The task may go on, and <see cref="McpClient.ResumeTask"/> may still get its result.
    /// </summary>
    public static TaskHandle? Of(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Data[typeof(TaskHandle)] as TaskHandle;
    }

    /// <summary>Lets whoever catches this find the task.</summary>
    internal void PutOn(Exception fault) => fault.Data[typeof(TaskHandle)] = this;

    private static FormatException NoHandle(JsonException? cause) =>
        new($"This is no handle of a task: give what {nameof(ToJson)} wrote, an object with 'taskId' and 'tool'.", cause);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNameCaseInsensitive = false)]
[JsonSerializable(typeof(TaskHandle))]
internal sealed partial class TaskJson : JsonSerializerContext;
