using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Changes;

namespace OnlyMcp.Server.Eras;

/// <summary>From a change to the notification that tells a client of it.</summary>
/// <remarks>
/// Spec: 2026-07-28 server/tools §List Changed Notification
/// Spec: 2026-07-28 server/resources §Subscriptions
/// </remarks>
internal static class ChangeNotification
{
    /// <param name="change">What has changed.</param>
    /// <param name="meta">What the notification carries in <c>_meta</c>; null for nothing.</param>
    public static JsonRpcNotification Of(Change change, IReadOnlyDictionary<string, JsonElement>? meta = null) => change.Kind switch
    {
        ChangeKind.ToolsListChanged => ListChanged(Methods.ToolsListChanged, meta),
        ChangeKind.PromptsListChanged => ListChanged(Methods.PromptsListChanged, meta),
        ChangeKind.ResourcesListChanged => ListChanged(Methods.ResourcesListChanged, meta),
        _ => new(Methods.ResourcesUpdated, JsonBody.Of(
            new ResourceUpdatedNotificationParams { Uri = change.Uri ?? "", Meta = meta }, McpJson.Wire.ResourceUpdatedNotificationParams)),
    };

    private static JsonRpcNotification ListChanged(string method, IReadOnlyDictionary<string, JsonElement>? meta) => meta is null
        ? new(method)
        : new(method, JsonBody.Of(new ListChangedNotificationParams { Meta = meta }, McpJson.Wire.ListChangedNotificationParams));
}
