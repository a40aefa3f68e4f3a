using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>Requests as clients of 2026-07-28 send them.</summary>
internal static class Ask
{
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """;

    /// <param name="method">The method.</param>
    /// <param name="parameters">The members of its parameters, with a comma behind each; empty for none.</param>
    /// <param name="name">What the header says that is asked for; null for nothing.</param>
    public static FakeHttpExchange Modern(string method, string parameters = "", string? name = null) =>
        new FakeHttpExchange("POST", "/mcp", $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{{{{parameters}}}{{{Meta}}}} }""")
            .With("MCP-Protocol-Version", Wire.Modern).With("Mcp-Method", method).With("Mcp-Name", name);
}
