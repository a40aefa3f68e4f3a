using System.Net;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>What the client of a session sends beside calls.</summary>
internal static class SessionRequests
{
    /// <summary>Opens a session and says that it is initialized; its id.</summary>
    public static string Open(IPEndPoint server, HttpConnection connection)
    {
        connection.Exchange(HttpRequest.Post(server, Messages.Initialize), out var head);
        var id = HttpHead.Text(head, "Mcp-Session-Id"u8);
        connection.Exchange(HttpRequest.Post(server, Messages.Initialized, Headers(id)));
        return id;
    }

    /// <summary>Asks for the stream of what belongs to no request.</summary>
    public static byte[] Listen(IPEndPoint server, string id) => HttpRequest.Bare("GET /mcp", server, ["Accept: text/event-stream", .. Headers(id)]);

    /// <summary>Ends the session.</summary>
    public static byte[] Delete(IPEndPoint server, string id) => HttpRequest.Bare("DELETE /mcp", server, Headers(id));

    public static string[] Headers(string id) => [$"MCP-Protocol-Version: {Messages.Legacy}", $"Mcp-Session-Id: {id}"];
}
