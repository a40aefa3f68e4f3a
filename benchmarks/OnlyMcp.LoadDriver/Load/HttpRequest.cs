using System.Net;
using System.Text;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>Requests as bytes, with the headers that a client of the protocol sends.</summary>
internal static class HttpRequest
{
    public static byte[] Post(IPEndPoint server, string body, params string[] headers) => PostTo("/mcp", server, body, headers);

    public static byte[] PostTo(string path, IPEndPoint server, string body, params string[] headers) => Encoding.UTF8.GetBytes(string.Join(
        "\r\n",
        [
            $"POST {path} HTTP/1.1",
            $"Host: {server}",
            "Content-Type: application/json",
            "Accept: application/json, text/event-stream",
            .. headers,
            $"Content-Length: {Encoding.UTF8.GetByteCount(body)}",
            "",
            body,
        ]));

    /// <summary>A POST of 2026-07-28.</summary>
    public static byte[] PostModern(IPEndPoint server, string method, string body, params string[] headers) =>
        Post(server, body, [$"MCP-Protocol-Version: {Messages.Modern}", $"Mcp-Method: {method}", .. headers]);

    /// <summary>A request without a body.</summary>
    public static byte[] Bare(string verbAndPath, IPEndPoint server, params string[] headers) =>
        Encoding.ASCII.GetBytes(string.Join("\r\n", [$"{verbAndPath} HTTP/1.1", $"Host: {server}", .. headers, "", ""]));
}
