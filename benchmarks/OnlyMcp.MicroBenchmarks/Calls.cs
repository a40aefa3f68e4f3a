namespace OnlyMcp.MicroBenchmarks;

/// <summary>The messages that are measured, as they come over the wire.</summary>
internal static class Calls
{
    public static readonly byte[] Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"benchmark","version":"1.0.0"}}}"""u8.ToArray();

    public static readonly byte[] Legacy =
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","arguments":{"a":17,"b":25}}}"""u8.ToArray();

    public static readonly byte[] Modern =
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","arguments":{"a":17,"b":25},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"benchmark","version":"1.0.0"},"io.modelcontextprotocol/clientCapabilities":{}}}}"""u8.ToArray();
}
