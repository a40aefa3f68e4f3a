using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// Spec: 2026-07-28 server/utilities/logging §Log Message Notifications
/// <summary>A line of the server's log, sent to the client (<c>notifications/message</c>). Deprecated since 2026-07-28.</summary>
public sealed record LoggingMessageNotificationParams : NotificationParams
{
    /// <summary>How severe it is.</summary>
    public required LoggingLevel Level { get; init; }

    /// <summary>The part of the server that it comes from.</summary>
    public string? Logger { get; init; }

    /// <summary>What has happened: a string, or any other JSON value.</summary>
    public required JsonElement Data { get; init; }
}

// Spec: 2026-07-28 server/utilities/logging §Log Levels
/// <summary>How severe a log message is, from the least to the most: the severities of syslog (RFC 5424).</summary>
[JsonConverter(typeof(WireNameConverter<LoggingLevel>))]
public enum LoggingLevel
{
    /// <summary>Details for whoever looks for a fault.</summary>
    [JsonStringEnumMemberName("debug")] Debug,

    /// <summary>The usual course of things.</summary>
    [JsonStringEnumMemberName("info")] Info,

    /// <summary>Usual, but worth a look.</summary>
    [JsonStringEnumMemberName("notice")] Notice,

    /// <summary>Something may go wrong.</summary>
    [JsonStringEnumMemberName("warning")] Warning,

    /// <summary>Something went wrong.</summary>
    [JsonStringEnumMemberName("error")] Error,

    /// <summary>A part of the server has failed.</summary>
    [JsonStringEnumMemberName("critical")] Critical,

    /// <summary>Someone has to act now.</summary>
    [JsonStringEnumMemberName("alert")] Alert,

    /// <summary>The server cannot be used.</summary>
    [JsonStringEnumMemberName("emergency")] Emergency,
}
