using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Eras;

/// <summary>Takes <c>notifications/cancelled</c>: the client no longer wants the answer to one of its requests.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/cancellation §Behavior Requirements</remarks>
internal static class Cancellation
{
    public static void Receive(JsonRpcNotification notification, Conversation conversation)
    {
        // MAY: a cancellation that is malformed, or names nothing in flight, is ignored: the answer may have crossed it.
        if (RequestOf(notification) is { } id)
            conversation.InFlight.Cancel(id);
    }

    private static RequestId? RequestOf(JsonRpcNotification notification)
    {
        try
        {
            return notification.Params.Read(McpJson.Wire.CancelledNotificationParams).RequestId;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
