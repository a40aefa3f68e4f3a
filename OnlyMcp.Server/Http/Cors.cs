using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Http;

/// <summary>Lets the web pages that may send requests read the answers too (Cross-Origin Resource Sharing of the Fetch standard).</summary>
internal static class Cors
{
    private const string Exposed = $"{McpHeaders.SessionId}, {McpHeaders.ProtocolVersion}, WWW-Authenticate";

    /// <summary>Whether the request is a browser's question whether a page may send the real one.</summary>
    public static bool IsPreflight(HttpExchange http) =>
        http.Method == "OPTIONS" && http.Header("Origin") is not null && http.Header("Access-Control-Request-Method") is not null;

    /// <summary>Says on any answer that the page, whose origin has been checked, may read it.</summary>
    public static void Allow(HttpExchange http)
    {
        http.SetResponseHeader("Vary", "Origin");
        if (http.Header("Origin") is not { } origin)
            return;

        http.SetResponseHeader("Access-Control-Allow-Origin", origin);
        http.SetResponseHeader("Access-Control-Expose-Headers", Exposed);
    }

    /// <summary>Answers the browser's question.</summary>
    public static ValueTask AnswerPreflightAsync(HttpExchange http, string verbs)
    {
        http.SetResponseHeader("Access-Control-Allow-Methods", verbs);

        // The headers of mirrored tool arguments have names that nobody can list beforehand: the page may send what it asks to send.
        if (http.Header("Access-Control-Request-Headers") is { } headers)
            http.SetResponseHeader("Access-Control-Allow-Headers", headers);
        http.SetResponseHeader("Access-Control-Max-Age", "600");
        return HttpReply.SendEmptyAsync(http, 204);
    }
}
