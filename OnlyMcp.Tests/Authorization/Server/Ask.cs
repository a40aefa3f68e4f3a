using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>Requests as clients of 2026-07-28 send them.</summary>
internal static class Ask
{
    /// <param name="method">The method.</param>
    /// <param name="parameters">The members of its parameters, with a comma behind each; empty for none.</param>
    /// <param name="name">What the header says that is asked for; null for nothing.</param>
    /// <param name="capabilities">What the client can do.</param>
    public static FakeHttpExchange Modern(string method, string parameters = "", string? name = null, string capabilities = "{}")
    {
        var meta = $$"""{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{capabilities}}}""";
        return new FakeHttpExchange("POST", "/mcp", $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{ {{parameters}} "_meta":{{meta}} } }""")
            .With("MCP-Protocol-Version", Wire.Modern).With("Mcp-Method", method).With("Mcp-Name", name);
    }
}
