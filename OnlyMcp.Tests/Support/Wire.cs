namespace OnlyMcp.Tests.Support;

/// <summary>Messages as clients send them.</summary>
internal static class Wire
{
    public const string Modern = "2026-07-28";

    public const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private const string Meta = """
        "_meta":{"progressToken":1,"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """;

    public static string ModernCall(string tool, string id = "1") =>
        $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{},{{{{Meta}}}}}}""";

    public static string LegacyCall(string tool, string id = "1") =>
        $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{},"_meta":{"progressToken":1}}}""";

    public static string Initialize(string version = "2025-11-25") =>
        $$$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{{version}}}}","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    public static string Ping(string id = "1") => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""";

    public static string Cancelled(string id = "1") => $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}""";

    public static string ModernCancelled(string id = "1") =>
        $$$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{{id}}}},{{{{Meta}}}}}}""";

    /// <summary>The headers that a modern call must carry.</summary>
    public static string[] ModernHeaders(string tool) =>
        [$"MCP-Protocol-Version: {Modern}", "Mcp-Method: tools/call", $"Mcp-Name: {tool}"];

    /// <summary>A modern call without a socket.</summary>
    public static FakeHttpExchange ModernPost(string tool, string id = "1") => new FakeHttpExchange("POST", "/mcp", ModernCall(tool, id))
        .With("MCP-Protocol-Version", Modern).With("Mcp-Method", "tools/call").With("Mcp-Name", tool);
}
