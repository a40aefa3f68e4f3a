using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>
/// A client over Streamable HTTP: each message is a POST, whose stream is read beside all others; a session has a stream of its own besides.
/// </summary>
internal sealed class PlayedHttpClient : PlayedClient
{
    private const string VersionInMeta = "io.modelcontextprotocol/protocolVersion";

    private readonly McpHttpHost host;
    private readonly HttpClient http = new() { Timeout = Patience };
    private readonly CancellationTokenSource leaving = new();
    private readonly Dictionary<string, CancellationTokenSource> requests = [];
    private readonly List<Task> answers = [];
    private Task? standalone;
    private string? session;
    private string? version;

    private PlayedHttpClient(McpHttpHost host) => this.host = host;

    public static async Task<PlayedHttpClient> ConnectAsync(Transcript transcript)
    {
        var host = new McpHttpHost(TranscriptServer.Make(transcript.ToString()), "http://127.0.0.1:0/");
        await host.StartAsync();
        return new PlayedHttpClient(host);
    }

    public override async Task SendAsync(Turn turn)
    {
        var message = JsonNode.Parse(turn.Sent) as JsonObject;
        if (IsModernCancellation(message, out var cancelled))
        {
            // Over HTTP a modern request is cancelled by leaving its stream.
            await requests[cancelled].CancelAsync();
            return;
        }

        var request = Request(HttpMethod.Post, message);
        foreach (var (name, value) in turn.Headers)
            request.Headers.Add(name, value);
        request.Content = new StringContent(turn.Sent, new MediaTypeHeaderValue("application/json"));
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var left = requests[message?["id"]?.ToJsonString() ?? ""] = new CancellationTokenSource();
        var opens = (string?)message?["method"] == "initialize";
        var answer = ReadAsync(response, left.Token, opens);
        answers.Add(answer);
        if (!opens)
            return;

        await answer.WaitAsync(Patience);
        session = response.Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null;
        if (session is not null)
            standalone = ReadAsync(await http.SendAsync(Request(HttpMethod.Get, null), HttpCompletionOption.ResponseHeadersRead), leaving.Token);
    }

    public override async ValueTask DisposeAsync()
    {
        await leaving.CancelAsync();
        http.Dispose();
        await host.DisposeAsync();
        leaving.Dispose();
    }

    protected override async Task LeaveAsync()
    {
        await Task.WhenAll(answers).WaitAsync(Patience);
        await leaving.CancelAsync();
        await (standalone ?? Task.CompletedTask).WaitAsync(Patience);
    }

    private bool IsModernCancellation(JsonObject? message, out string cancelled)
    {
        cancelled = message?["params"]?["requestId"]?.ToJsonString() ?? "";
        return session is null && (string?)message?["method"] == "notifications/cancelled";
    }

    private HttpRequestMessage Request(HttpMethod verb, JsonObject? message)
    {
        var request = new HttpRequestMessage(verb, new Uri(host.Address, "/mcp"))
        {
            Headers = { { "Accept", verb == HttpMethod.Get ? "text/event-stream" : "application/json, text/event-stream" } },
        };
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        if ((string?)message?["params"]?["_meta"]?[VersionInMeta] is { } modern)
            AddMirrored(request, message!, modern);
        else if (version is not null)
            request.Headers.Add("MCP-Protocol-Version", version);
        return request;
    }

    private static void AddMirrored(HttpRequestMessage request, JsonObject message, string modern)
    {
        request.Headers.Add("MCP-Protocol-Version", modern);
        request.Headers.Add("Mcp-Method", (string)message["method"]!);
        var parameters = message["params"]!;
        if ((parameters["name"] ?? parameters["uri"] ?? parameters["taskId"]) is { } name)
            request.Headers.Add("Mcp-Name", (string)name!);
    }

    private async Task ReadAsync(HttpResponseMessage response, CancellationToken stop, bool opens = false)
    {
        try
        {
            using (response)
                await ReadAsync(response, opens, stop);
        }
        catch (Exception fault)
        {
            // Whoever left it wants no more of it.
            if (!stop.IsCancellationRequested)
                End(fault);
        }
    }

    private async Task ReadAsync(HttpResponseMessage response, bool opens, CancellationToken stop)
    {
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            using var events = new SseReader(await response.Content.ReadAsStreamAsync(stop));
            var isAnswered = false;
            while (await events.ReadAsync(stop) is { } read)
            {
                var message = Encoding.UTF8.GetString(read.Data.Span);
                isAnswered |= message.Length > 0 && (JsonNode.Parse(message) as JsonObject)?["method"] is null;
                Hear(message, opens);
            }

            if (!isAnswered && events.LastEventId is { } last)
                await ResumeAsync(last, stop);
        }
        else
        {
            Hear(await response.Content.ReadAsStringAsync(stop), opens);
        }
    }

    /// <summary>Reads on where a connection broke off before the answer had come.</summary>
    private async Task ResumeAsync(string last, CancellationToken stop)
    {
        var request = Request(HttpMethod.Get, null);
        request.Headers.Add("Last-Event-ID", last);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        await ReadAsync(response.EnsureSuccessStatusCode(), false, stop);
    }

    /// <summary>Takes a message; an event without data and an answer without a body are none.</summary>
    private void Hear(string message, bool opens)
    {
        if (message.Length == 0)
            return;

        if (opens)
            version = (string?)JsonNode.Parse(message)?["result"]?["protocolVersion"];
        Take(message);
    }
}
