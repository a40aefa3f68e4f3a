namespace OnlyMcp.Server.Http;

/// <summary>How a server is reached over HTTP. The defaults suit a server for programs and pages of this machine.</summary>
public sealed record McpHttpOptions
{
    /// <summary>The path of the MCP endpoint (Streamable HTTP); <c>/mcp</c>.</summary>
    public string Path { get; init; } = "/mcp";

    /// <summary>Whether clients of the oldest revision are served over HTTP+SSE too, if the server speaks it; true.</summary>
    public bool ServeHttpSse { get; init; } = true;

    /// <summary>Where clients of HTTP+SSE open their event stream; <c>/sse</c>.</summary>
    public string SsePath { get; init; } = "/sse";

    /// <summary>Where clients of HTTP+SSE post their messages; <c>/messages</c>.</summary>
    public string MessagePath { get; init; } = "/messages";

    /// <summary>
    /// Names under which the server may be addressed, beside those of this machine's loopback and of the prefixes that it listens
    /// on: <c>mcp.example.com</c>, or <c>mcp.example.com:8080</c> for that port alone.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Web pages that may send requests, beside those of the allowed hosts: <c>https://app.example.com</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Whether the web pages that may send requests may also read the answers (CORS, with preflight); false.</summary>
    public bool Cors { get; init; }

    /// <summary>
    /// The address under which clients reach this server's paths, where a proxy stands before it: <c>https://example.com/tools</c>
    /// for an endpoint at <c>https://example.com/tools/mcp</c>. Null if there is none. A server that requires authorization needs it, for
    /// its tokens name it, unless an <see cref="McpHttpHost"/> listens on this machine's loopback alone.
    /// </summary>
    public Uri? PublicBaseAddress { get; init; }

    /// <summary>How often a comment is sent on a silent event stream, which is how a client's leaving is noticed; 15 seconds.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a request may be silent before its answer becomes an event stream, where the revision gives that a meaning: its
    /// client's leaving cancels it, or a client that loses the connection can come back for the answer. 1 second;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never: then nobody notices that the client left, and the answer is lost to it.
    /// </summary>
    public TimeSpan SilentResponseDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a client should wait before it comes back to a stream that it lost, or that
    /// <see cref="RequestContext.CloseStreamAsync"/> closed to it; 1 second.
    /// </summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    internal void Check()
    {
        foreach (var path in new[] { Path, SsePath, MessagePath })
        {
            if (!path.StartsWith('/') || path.AsSpan().ContainsAny("?#%"))
                throw new ArgumentException($"A path begins with '/' and holds no '?', '#' or '%'; '{path}' does not fit.");
        }

        if (!RetryTime.IsValid(RetryInterval))
            throw new ArgumentException($"{nameof(RetryInterval)} is {RetryTime.Range}; {RetryInterval} does not fit.");

        if (PublicBaseAddress is { IsAbsoluteUri: false })
            throw new ArgumentException($"{nameof(PublicBaseAddress)} is a whole address such as https://example.com/tools.");
    }
}
