using System.Diagnostics;
using System.Net;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>What is known about the conversation that a request belongs to, for traces and metrics.</summary>
public readonly record struct PeerFacts
{
    /// <summary>Whether it runs over HTTP; otherwise over a pipe.</summary>
    public bool IsHttp { get; init; }

    /// <summary>The version of the protocol, once it is known.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>The id of the session over HTTP; null if there is none.</summary>
    public string? SessionId { get; init; }

    /// <summary>Where the server is, as its client sees it.</summary>
    public Uri? Server { get; init; }

    /// <summary>Where a request came from, as the server sees it.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>Adds what few conversations differ in; the session's id is for traces alone.</summary>
    internal void Describe(ref TagList tags)
    {
        tags.Add("network.transport", IsHttp ? "tcp" : "pipe");
        if (IsHttp)
            tags.Add("network.protocol.name", "http");
        if (ProtocolVersion is not null)
            tags.Add("mcp.protocol.version", ProtocolVersion);
        if (Server is not null)
        {
            tags.Add("server.address", Server.Host);
            tags.Add("server.port", Server.Port);
        }
    }
}
