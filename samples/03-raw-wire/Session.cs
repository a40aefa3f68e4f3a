namespace RawWire;

/// <summary>A conversation of 2025-11-25: what was agreed at its start holds until its end.</summary>
internal static class Session
{
    public static async Task ShowAsync(Wire wire)
    {
        Wire.Title("2025-11-25: a session, opened by a handshake");

        Wire.Note("The client says which revision it speaks and what it can do.", "Spec: 2025-11-25 basic/lifecycle §Initialization");
        var session = await wire.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw-wire","version":"1.0.0"}}}""");

        // A server without sessions gives no id; then there is none to send back.
        List<(string, string)> headers = [("MCP-Protocol-Version", "2025-11-25")];
        if (session is not null)
            headers.Add(("Mcp-Session-Id", session));

        Wire.Note("The client is ready. Nobody answers a notification: 202, no body.", "Spec: 2025-11-25 basic/lifecycle §Initialization");
        await wire.PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", [.. headers]);

        Wire.Note("What can you do?", "Spec: 2025-11-25 server/tools §Listing Tools");
        await wire.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""", [.. headers]);

        Wire.Note("Then do it. Whose call it is, the session says.", "Spec: 2025-11-25 server/tools §Calling Tools");
        await wire.PostAsync(
            """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"calculator","arguments":{"operation":"multiply","a":6,"b":7}}}""",
            [.. headers]);

        Wire.Note("The client ends the session.", "Spec: 2025-11-25 basic/transports §Session Management");
        await wire.DeleteAsync([.. headers]);
    }
}
