using System.Net.Http.Headers;
using System.Text;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Stdio;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>One server takes all that is bad on each of its routes, one thing after the other, and serves on.</summary>
[Spec("2026-07-28 basic/transports/streamable-http §Sending Messages")]
[Spec("2025-11-25 basic/transports §Sending Messages to the Server")]
[Spec("2024-11-05 basic/transports §HTTP with SSE")]
public sealed class BadInputTests
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private McpHttpHost host = null!;
    private RawHttp events = null!;
    private string session = null!;
    private string messages = null!;
    private int lastId;

    public enum Route
    {
        Modern,
        Session,
        Messages,
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await new ToolServer().StartAsync();
        http.BaseAddress = host.Address;
        using var opened = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "mcp") { Content = Json(Encoding.UTF8.GetBytes(Wire.Initialize())) });
        session = opened.Headers.GetValues("Mcp-Session-Id").Single();

        events = await RawHttp.ConnectAsync(host.Address);
        await events.SendAsync("GET /sse", null, "Accept: text/event-stream");
        await events.ReadHeadAsync();
        messages = (await events.ReadEventAsync()).Split("data: /")[1].Trim();
        await PostAsync(Route.Messages, Encoding.UTF8.GetBytes(Wire.Initialize("2024-11-05")));
        await events.ReadEventAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        events.Dispose();
        http.Dispose();
        await host.DisposeAsync();
    }

    [TestCaseSource(nameof(EveryInputOnEveryRoute))]
    public async Task Bad_input_has_its_status_and_its_answer_and_the_next_good_request_succeeds(Route route, byte[] body, int status, string answer)
    {
        var response = await PostAsync(route, body);

        response.Status.Should().Be(status, response.Body);
        response.Body.Should().StartWith(answer);
        if (answer.Length == 0)
            response.Body.Should().BeEmpty();
        await ShouldServeAsync(route);
    }

    [Test]
    public async Task An_unknown_method_is_answered_where_the_answers_of_its_route_are_read()
    {
        var unknown = """{"jsonrpc":"2.0","id":"u","method":"no/such"}"""u8.ToArray();
        const string Answer = """{"jsonrpc":"2.0","id":"u","error":{"code":-32601""";

        (await PostAsync(Route.Session, unknown)).Body.Should().StartWith(Answer);
        (await PostAsync(Route.Messages, unknown)).Status.Should().Be(202);
        (await events.ReadEventAsync()).Should().Contain(Answer);
    }

    private static IEnumerable<TestCaseData> EveryInputOnEveryRoute() =>
        from input in BadInput.All()
        where input.Name != "unknown method"
        from route in Enum.GetValues<Route>()
        let expected = Expected(input, route)
        select new TestCaseData(route, input.Line, expected.Status, expected.Answer).SetArgDisplayNames(route.ToString(), input.Name);

    /// <summary>What is no message has the answer that it has on a pipe, in a 400; what has no answer there is accepted, or told why not.</summary>
    private static (int Status, string Answer) Expected(BadInput input, Route route) => input switch
    {
        { Line.Length: > 4194304 } => (413, """{"jsonrpc":"2.0","error":{"code":-32600"""),
        { Name: "an array" } => (400, """{"jsonrpc":"2.0","error":{"code":-32600"""),
        { Answer: { } answer } => (400, answer),
        { Name: "empty lines" } => (400, """{"jsonrpc":"2.0","error":{"code":-32700"""),
        { Name: "a malformed response" } => (400, """{"jsonrpc":"2.0","error":{"code":-32600"""),

        // MUST NOT: a modern client sends no responses. In a conversation that may have asked, one that comes too late is no fault.
        { Name: "a response nobody asked for" or "an error nobody asked for" } when route == Route.Modern =>
            (400, """{"jsonrpc":"2.0","error":{"code":-32600"""),
        _ => (202, route == Route.Messages ? "Accepted" : ""),
    };

    private async Task ShouldServeAsync(Route route)
    {
        var id = $"{++lastId}";
        var call = route == Route.Modern ? Wire.ModernCall("echo", id) : Wire.LegacyCall("echo", id);
        var response = await PostAsync(route, Encoding.UTF8.GetBytes(call), "echo");

        // Nothing stands on the event stream before the answer: what was bad has left nothing there.
        var answer = route == Route.Messages ? await events.ReadEventAsync() : response.Body;
        response.Status.Should().Be(route == Route.Messages ? 202 : 200);
        answer.Should().Contain($"\"id\":{id},\"result\"").And.Contain($"id {id}");
    }

    private async Task<(int Status, string Body)> PostAsync(Route route, byte[] body, string? tool = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route == Route.Messages ? messages : "mcp") { Content = Json(body) };
        if (route == Route.Session)
            request.Headers.Add("Mcp-Session-Id", session);
        if (route == Route.Modern)
            request.Headers.Add("MCP-Protocol-Version", Wire.Modern);
        if (route == Route.Modern && tool is not null)
        {
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", tool);
        }

        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static ByteArrayContent Json(byte[] body) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
