using System.Globalization;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>
/// What is refused before its body was read has one answer, which says that the connection ends, and the connection ends. So no body is taken
/// for a request, and no answer for that of another request: HttpListener loses its way on such a connection.
/// </summary>
[Spec("2026-07-28 basic/transports/streamable-http §Sending Messages")]
public sealed class UnreadBodyTests
{
    private const int Most = 100_000;

    private McpHttpHost host = null!;

    /// <summary>Where the body is, and how it is announced.</summary>
    public enum Body
    {
        /// <summary>It comes in one piece with its head.</summary>
        Whole,

        /// <summary>It comes later, in more pieces than the listener has read ahead.</summary>
        InPieces,

        /// <summary>It comes in chunks.</summary>
        InChunks,

        /// <summary>It is a request itself to whoever takes it for one.</summary>
        LikeARequest,
    }

    [OneTimeSetUp]
    public async Task StartAsync() =>
        host = await new ToolServer(new McpServerOptions { Limits = new() { MaxMessageBytes = Most } }).StartAsync();

    [OneTimeTearDown]
    public Task StopAsync() => host.DisposeAsync().AsTask();

    [Test]
    public async Task A_refusal_is_the_last_answer_on_its_connection_whatever_comes_behind(
        [ValueSource(nameof(Refusals))] Refusal refusal, [Values] Body body, [Values] bool atOnce)
    {
        using var raw = await RawHttp.ConnectAsync(host.Address);
        var good = Text("POST /mcp", "localhost", [.. Wire.ModernHeaders("echo"), "Content-Type: application/json"], Body.Whole, Wire.ModernCall("echo"));
        var bad = Text(refusal.Line, refusal.Host, refusal.Headers, body, ContentOf(body));
        await raw.SendAsync(atOnce ? bad + good : bad);
        var answer = await raw.ReadAsync();

        // HttpListener reads ahead behind the last chunk, and where no answer has left yet, it refuses what it finds there itself.
        int[] statuses = body == Body.InChunks && atOnce ? [refusal.Status, 400] : [refusal.Status];
        answer.Status.Should().BeOneOf(statuses, answer.Body);
        answer.Header("Connection").Should().Be("close");
        (await raw.IsClosedAsync()).Should().BeTrue("no other answer comes");
    }

    private static IEnumerable<Refusal> Refusals()
    {
        var json = "Content-Type: application/json";
        if (!OperatingSystem.IsWindows()) // There the system answers.
            yield return new("foreign host", "POST /mcp", 403, json) { Host = "evil.example" };
        yield return new("foreign origin", "POST /mcp", 403, json, "Origin: http://evil.example");
        yield return new("no answer is good enough", "POST /mcp", 406, json, "Accept: text/html");
        yield return new("another type", "POST /mcp", 415, "Content-Type: text/plain");
        yield return new("another path", "POST /nothing", 404, json);
        yield return new("another verb", "PUT /mcp", 405, json);
        yield return new("no session", "DELETE /mcp", 400, json);
        yield return new("no stream", "GET /mcp", 400, json);
    }

    [Test]
    public async Task A_length_that_is_too_long_ends_the_connection_whatever_comes_behind([Values(5_000_000, int.MaxValue, long.MaxValue)] long length)
    {
        var time = new ManualTime();
        await using var patient = await new ToolServer(new McpServerOptions { TimeProvider = time }).StartAsync();
        using var raw = await RawHttp.ConnectAsync(patient.Address);
        await raw.SendAsync($"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
        await raw.SendAsync("POST /mcp", Wire.ModernCall("echo"), Wire.ModernHeaders("echo"));
        var answer = await raw.ReadAsync();

        answer.Status.Should().Be(413);
        answer.Header("Connection").Should().Be("close");
        while (time.Running == 0)
            await Task.Yield();
        time.Advance(TimeSpan.FromSeconds(2));
        (await raw.IsClosedAsync()).Should().BeTrue("what came behind is part of that body");
    }

    private static string ContentOf(Body body) => body switch
    {
        Body.LikeARequest => Text("POST /mcp", "localhost", ["Content-Type: application/json"], Body.Whole, Wire.Initialize()),
        Body.InPieces => new string(' ', Most / 2),
        _ => Wire.Initialize(),
    };

    private static string Text(string line, string host, string[] headers, Body body, string content)
    {
        var head = string.Join("\r\n", [$"{line} HTTP/1.1", $"Host: {host}", .. headers]);
        return body == Body.InChunks
            ? string.Create(CultureInfo.InvariantCulture, $"{head}\r\nTransfer-Encoding: chunked\r\n\r\n{content.Length:x}\r\n{content}\r\n0\r\n\r\n")
            : string.Create(CultureInfo.InvariantCulture, $"{head}\r\nContent-Length: {content.Length}\r\n\r\n{content}");
    }

    /// <summary>A request that is refused for its head.</summary>
    public sealed record Refusal(string Why, string Line, int Status, params string[] Headers)
    {
        public string Host { get; init; } = "localhost";

        public override string ToString() => Why;
    }
}
