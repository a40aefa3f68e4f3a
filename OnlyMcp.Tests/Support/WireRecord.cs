using System.Text.Json;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Support;

/// <summary>Every message of a client's conversation, in the order in which it passed.</summary>
internal sealed class WireRecord : IDisposable
{
    private readonly StringWriter shown = new() { NewLine = "\n" };

    public WireRecord() => Tap = new WireTap(shown);

    public WireTap Tap { get; }

    public IReadOnlyList<JsonElement> Sent => Messages("--> ");

    public IReadOnlyList<JsonElement> Received => Messages("<-- ");

    public IEnumerable<JsonElement> SentRequests(string? method = null) => Sent.Where(message => IsRequest(message) && (method is null || MethodOf(message) == method));

    public static bool IsRequest(JsonElement message) => message.TryGetProperty("method", out _) && message.TryGetProperty("id", out _);

    public static bool IsNotification(JsonElement message) => message.TryGetProperty("method", out _) && !message.TryGetProperty("id", out _);

    public static bool IsResponse(JsonElement message) => !message.TryGetProperty("method", out _);

    public static string? MethodOf(JsonElement message) => message.TryGetProperty("method", out var method) ? method.GetString() : null;

    public void Dispose() => shown.Dispose();

    // A heading begins a message; the lines below it are the message.
    private JsonElement[] Messages(string arrow) =>
    [
        .. shown.ToString().Split("\n--> ").SelectMany((part, i) => ((i == 0 ? "" : "--> ") + part).Split("\n<-- ").Select((piece, j) => j == 0 ? piece : "<-- " + piece))
            .Where(part => part.StartsWith(arrow, StringComparison.Ordinal))
            .Select(part => JsonElement.Parse(part[part.IndexOf('\n', StringComparison.Ordinal)..])),
    ];
}
