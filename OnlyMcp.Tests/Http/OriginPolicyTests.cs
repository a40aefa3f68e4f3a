using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

[Spec("2026-07-28 basic/transports/streamable-http §Security & Endpoint")]
public sealed class OriginPolicyTests
{
    [TestCase("127.0.0.1")]
    [TestCase("127.0.0.1:3001")]
    [TestCase("LOCALHOST:1")]
    [TestCase("localhost.")]
    [TestCase("[::1]:3001")]
    [TestCase("mcp.example.com")]
    [TestCase("one.example.com:8080")]
    public async Task A_request_for_an_own_name_is_served(string host) => (await StatusAsync("/mcp", host)).Should().Be(200);

    [TestCase("evil.example")]
    [TestCase("localhost.evil.example")]
    [TestCase("evil.example:3001")]
    [TestCase("evil.example@127.0.0.1")]
    [TestCase("127.0.0.1@evil.example")]
    [TestCase("2130706433")]
    [TestCase("0x7f.1")]
    [TestCase("0.0.0.0")]
    [TestCase("localhost, evil.example")]
    [TestCase("localhost:3001/evil")]
    [TestCase("[::1].evil.example")]
    [TestCase("[::2]")]
    [TestCase("one.example.com")]
    [TestCase("one.example.com:8081")]
    [TestCase("")]
    [TestCase(null)]
    public async Task A_request_for_a_foreign_name_is_refused_on_every_route(string? host)
    {
        foreach (var route in new[] { "/mcp", "/messages" })
            (await StatusAsync(route, host)).Should().Be(403);
        var get = new FakeHttpExchange("GET", "/sse").With("Host", host);
        await new ToolServer().Handler().HandleAsync(get);
        get.Status.Should().Be(403);
        get.Closes.Should().BeFalse("there was no body to leave unread");
    }

    [Test]
    public async Task A_whole_address_in_the_request_line_must_be_ours_too()
    {
        var request = new FakeHttpExchange("POST", "/mcp", Wire.Ping()) { Target = "evil.example" };

        await new ToolServer().Handler().HandleAsync(request);

        request.Status.Should().Be(403);
    }

    [TestCase("http://localhost:5173", 200)]
    [TestCase("https://127.0.0.1", 200)]
    [TestCase("HTTP://LOCALHOST", 200)]
    [TestCase("https://mcp.example.com", 200)]
    [TestCase("https://app.example.com", 200)]
    [TestCase("vscode-webview://abc", 200)]
    [TestCase("null", 403)]
    [TestCase("", 403)]
    [TestCase("http://evil.example", 403)]
    [TestCase("http://localhost.evil.example", 403)]
    [TestCase("http://localhost@evil.example", 403)]
    [TestCase("http://localhost/", 403)]
    [TestCase("ftp://localhost", 403)]
    [TestCase("http://app.example.com", 403)]
    [Spec("2026-07-28 basic/transports/streamable-http §Security & Endpoint", 1, 2, AtEveryRevision = true)]
    public async Task Pages_of_own_names_and_of_the_list_may_send_and_no_others(string origin, int status) =>
        (await StatusAsync("/mcp", "localhost", origin)).Should().Be(status);

    [Test]
    public async Task A_refusal_is_an_error_response_without_id()
    {
        var request = Wire.ModernPost("echo").With("Origin", "http://evil.example");

        await new ToolServer().Handler().HandleAsync(request);

        request.Body.Should().StartWith("""{"jsonrpc":"2.0","error":{"code":-32600,"message":"The Origin 'http://evil.example' is not allowed""");
    }

    private static async Task<int> StatusAsync(string path, string? host, string? origin = null)
    {
        var options = new McpHttpOptions
        {
            AllowedHosts = ["mcp.example.com", "one.example.com:8080"],
            AllowedOrigins = ["https://app.example.com/", "vscode-webview://abc", "null"],
        };
        var request = Wire.ModernPost("echo").With("Host", host).With("Origin", origin);
        if (path != "/mcp")
            request = new FakeHttpExchange("POST", path + "?sessionId=1", "{}").With("Host", host);
        await new ToolServer().Handler(options).HandleAsync(request);
        return request.Status;
    }
}
