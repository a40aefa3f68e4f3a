using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Records of tasks for the tests of the stores.</summary>
internal static class Records
{
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static StoredTask New(string? owner = null, DateTimeOffset createdAt = default, char? digit = null) => new()
    {
        TaskId = digit is { } one ? new string(one, 32) : Guid.NewGuid().ToString("N"),
        Version = 1,
        Owner = owner,
        Method = "tools/call",
        Name = "count",
        Parameters = Json("""{"name":"count"}"""),
        ProtocolVersion = "2026-07-28",
        ClientCapabilities = new(),
        CreatedAt = createdAt == default ? DateTimeOffset.UnixEpoch : createdAt,
        LastUpdatedAt = DateTimeOffset.UnixEpoch,
        TimeToLive = Hour,
    };

    public static StoredTask Next(this StoredTask task, string? message = null) =>
        task with { Version = task.Version + 1, StatusMessage = message };

    public static StoredTask Ended(this StoredTask task) =>
        task with { Version = task.Version + 1, Status = McpTaskStatus.Completed, Result = Json("""{"content":[]}""") };

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
