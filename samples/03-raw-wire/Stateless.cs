namespace RawWire;

/// <summary>The same in 2026-07-28: each request carries all that the server must know, so that any server can answer it.</summary>
internal static class Stateless
{
    private const string Meta =
        """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"raw-wire","version":"1.0.0"}}
        """;

    public static async Task ShowAsync(Wire wire)
    {
        Wire.Title("2026-07-28: no session, each request says everything");

        Wire.Note("What do you speak? Optional: the client may begin with any request.", "Spec: 2026-07-28 server/discover §Request");
        await wire.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{{{{Meta}}}}}""", Headers("server/discover"));

        Wire.Note(
            "What stands in the headers is what the body says, for those who route.",
            "Spec: 2026-07-28 basic/transports/streamable-http §Standard Request Headers");
        await wire.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{{{{Meta}}}}}""", Headers("tools/list"));

        Wire.Note("The answer says that it is complete.", "Spec: 2026-07-28 server/tools §Calling Tools");
        await wire.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"calculator","arguments":{"operation":"multiply","a":6,"b":7},{{{Meta}}}}}""",
            [.. Headers("tools/call"), ("Mcp-Name", "calculator")]);
    }

    private static (string, string)[] Headers(string method) => [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method)];
}
