using System.Security.Claims;
using System.Text.Json;

namespace OnlyMcp.Tests.Support;

/// <summary>Subscriptions as clients ask for them, and what comes of them.</summary>
internal static class Listen
{
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """;

    public static string To(string notifications, string id = "1") =>
        $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"subscriptions/listen","params":{"notifications":{{{{notifications}}}},{{{{Meta}}}}}}""";

    public static FakeHttpExchange Post(string notifications, string id = "1", ClaimsPrincipal? user = null) =>
        new FakeHttpExchange("POST", "/mcp", To(notifications, id)) { User = user }
            .With("MCP-Protocol-Version", Wire.Modern)
            .With("Mcp-Method", "subscriptions/listen")
            .With("Accept", "application/json, text/event-stream");

    /// <summary>The message of an event.</summary>
    public static JsonElement Message(string written) =>
        JsonElement.Parse(written.Split('\n').Single(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..]);

    /// <summary>The next message, past comments and events that only carry an id.</summary>
    public static async Task<JsonElement> NextMessageAsync(this FakeHttpExchange http)
    {
        while (true)
        {
            if (await http.NextWriteAsync() is var written && written.Contains("data: {", StringComparison.Ordinal))
                return Message(written);
        }
    }

    public static async Task<JsonElement> NextMessageAsync(this StdioPeer peer) => JsonElement.Parse(await peer.ReadAsync());

    public static string? Method(this JsonElement message) => message.TryGetProperty("method", out var method) ? method.GetString() : null;

    /// <summary>The id of the subscription that a notification or result belongs to, as it stands there.</summary>
    public static string SubscriptionId(this JsonElement message) => message
        .GetProperty(message.TryGetProperty("params", out _) ? "params" : "result")
        .GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetRawText();

    public static string Granted(this JsonElement acknowledgment)
    {
        acknowledgment.Method().Should().Be("notifications/subscriptions/acknowledged");
        return acknowledgment.GetProperty("params").GetProperty("notifications").GetRawText();
    }
}
