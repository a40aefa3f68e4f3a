using System.Text;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.MicroBenchmarks;

/// <summary>The messages that are measured, as they come over the wire.</summary>
internal static class Calls
{
    private const string Metadata =
        """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"benchmark","version":"1.0.0"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    public static readonly byte[] Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"benchmark","version":"1.0.0"}}}"""u8.ToArray();

    public static byte[] Add(bool modern) => Message(Methods.ToolsCall, """ "name":"add","arguments":{"a":17,"b":25} """, modern);

    public static byte[] Echo(int length, bool modern) =>
        Message(Methods.ToolsCall, $$""" "name":"echo","arguments":{"text":"{{new string('x', length)}}"} """, modern);

    public static byte[] List(bool modern) => Message(Methods.ToolsList, "", modern);

    private static byte[] Message(string method, string parameters, bool modern)
    {
        string[] members = [parameters.Trim(), modern ? Metadata.Trim() : ""];
        var all = string.Join(',', members.Where(member => member.Length > 0));
        return Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{ {{all}} } }""");
    }
}
