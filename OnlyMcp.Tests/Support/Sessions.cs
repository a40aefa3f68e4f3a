using System.Security.Claims;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Tests.Support;

/// <summary>A session over HTTP without a socket, as its client sees it.</summary>
internal sealed record Sessions(string Id, string Version, ClaimsPrincipal? User)
{
    public static async Task<Sessions> OpenAsync(McpHttpHandler handler, string version = "2025-11-25", ClaimsPrincipal? user = null)
    {
        var request = new FakeHttpExchange("POST", "/mcp", Wire.Initialize(version)) { User = user };
        await handler.HandleAsync(request);
        request.Status.Should().Be(200, request.Body);
        return new Sessions(request.ResponseHeaders["Mcp-Session-Id"], version, user);
    }

    public FakeHttpExchange Post(string body) => Request("POST", body).With("MCP-Protocol-Version", Version);

    public FakeHttpExchange Request(string verb, string? body = null) =>
        new FakeHttpExchange(verb, "/mcp", body) { User = User }.With("Mcp-Session-Id", Id);
}
