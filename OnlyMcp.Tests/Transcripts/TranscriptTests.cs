using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>Replays each conversation against a server.</summary>
public sealed class TranscriptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static IEnumerable<TestCaseData> All => Transcript.All.Select(transcript => new TestCaseData(transcript).SetArgDisplayNames(transcript.ToString()));

    [TestCaseSource(nameof(All))]
    public async Task Over_a_pipe_the_server_answers_as_the_transcript_says(object given)
    {
        var transcript = (Transcript)given;
        var (client, served) = InMemoryPipe.Create();
        var serving = TranscriptServer.Make().ServeAsync(served, served);
        using var reader = new StreamReader(client, Encoding.UTF8, leaveOpen: true);

        foreach (var turn in transcript.Turns)
        {
            await client.WriteAsync(Encoding.UTF8.GetBytes(turn.Sent + "\n"));
            foreach (var expected in turn.Received)
                Compare(expected, await reader.ReadLineAsync().WaitAsync(Patience), turn);
        }

        await client.DisposeAsync();
        await serving.WaitAsync(Patience);
    }

    [TestCaseSource(nameof(OverHttp))]
    public async Task Over_http_the_server_answers_as_the_transcript_says(object given)
    {
        var transcript = (Transcript)given;
        await using var host = new McpHttpHost(TranscriptServer.Make(), "http://127.0.0.1:0/");
        await host.StartAsync();
        using var http = new HttpClient { Timeout = Patience };
        string? session = null;

        foreach (var turn in transcript.Turns)
        {
            using var request = Post(new Uri(host.Address, "/mcp"), turn, session);
            using var response = await http.SendAsync(request);
            session ??= response.Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null;
            var received = MessagesIn(await response.Content.ReadAsStringAsync());
            received.Should().HaveSameCount(turn.Received, $"of {turn.Sent}, answered with {string.Join(Environment.NewLine, received)}");
            foreach (var (expected, message) in turn.Received.Zip(received))
                Compare(expected, message, turn);
        }
    }

    /// <summary>Those that HTTP carries at one URL. Over it, the refusal of a modern notification or of a missing header has tests of its own.</summary>
    private static IEnumerable<TestCaseData> OverHttp => Transcript.All
        .Where(transcript => KnownRevisions.Find(transcript.Revision)!.HasStreamableHttp)
        .Select(transcript => new TestCaseData(transcript).SetArgDisplayNames(transcript.ToString()));

    private static HttpRequestMessage Post(Uri endpoint, Turn turn, string? session)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new StringContent(turn.Sent, new MediaTypeHeaderValue("application/json")),
            Headers = { { "Accept", "application/json, text/event-stream" } },
        };
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);

        var message = JsonNode.Parse(turn.Sent) as JsonObject;
        if (message?["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] is not { } version)
            return request;

        request.Headers.Add("MCP-Protocol-Version", (string)version!);
        request.Headers.Add("Mcp-Method", (string)message["method"]!);
        if ((message["params"]!["name"] ?? message["params"]!["uri"]) is { } name)
            request.Headers.Add("Mcp-Name", (string)name!);
        return request;
    }

    /// <summary>A body is one message, an array, or an event stream whose events are messages, but for an empty one that may open it.</summary>
    private static string[] MessagesIn(string body)
    {
        var events = body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal) && line.Length > 6).Select(line => line[6..]).ToArray();
        return body.Length == 0 ? [] : events.Length > 0 ? events : [body];
    }

    private static void Compare(string expected, string? received, Turn turn)
    {
        received.Should().NotBeNull($"an answer to {turn.Sent} is due");
        Turn.IsAsExpected(expected, received!).Should().BeTrue($"after{Environment.NewLine}--> {turn.Sent}{Environment.NewLine}<-- {expected}{Environment.NewLine}was due, and came{Environment.NewLine}<-- {received}");
    }
}
