namespace OnlyMcp.Protocol.Transport;

/// <summary>The HTTP headers that the protocol defines. Names are compared without regard to case.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Standard Request Headers</remarks>
public static class McpHeaders
{
    /// <summary>The revision that a request is written in.</summary>
    public const string ProtocolVersion = "MCP-Protocol-Version";

    /// <summary>Until 2025-11-25: the session that a request belongs to.</summary>
    public const string SessionId = "Mcp-Session-Id";

    /// <summary>Until 2025-11-25: the last event that a client received, to resume its stream behind it.</summary>
    public const string LastEventId = "Last-Event-ID";

    /// <summary>Since 2026-07-28: the method of the body's request.</summary>
    public const string Method = "Mcp-Method";

    /// <summary>Since 2026-07-28: the name or address that the body's request is about.</summary>
    public const string Name = "Mcp-Name";

    /// <summary>Since 2026-07-28: what the header of a mirrored tool argument begins with.</summary>
    public const string ParamPrefix = "Mcp-Param-";
}
