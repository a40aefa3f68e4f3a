using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Transcripts;

/// <summary>Over Streamable HTTP: each message to the stream that it belongs to.</summary>
internal sealed class PlayedHttpLine : IPlayedLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ScriptedHttpServer server;
    private readonly Channel<JsonElement> sent = Channel.CreateUnbounded<JsonElement>();
    private readonly ConcurrentDictionary<string, OpenCall> open = new();
    private readonly TaskCompletionSource<HttpCall> standalone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OpenCall? last;

    public PlayedHttpLine() => server = new ScriptedHttpServer(ServeAsync);

    public Uri Url => server.Url;

    public IReadOnlyDictionary<string, string>? ParameterHeaders => last?.Call.Headers
        .Where(header => header.Key.StartsWith("Mcp-Param-", StringComparison.OrdinalIgnoreCase)).ToDictionary();

    public Task<JsonElement> NextAsync() => sent.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task SendAsync(string line)
    {
        var message = JsonElement.Parse(line);
        if (!message.TryGetProperty("method", out _) && open.TryRemove(message.GetProperty("id").GetRawText(), out var asked))
        {
            await asked.Call.EventAsync(line);
            asked.Answered.TrySetResult();
            return;
        }

        var stream = SubscriptionOf(message) is { } subscription ? open[subscription].Call
            : TranscriptPlay.IsNews(line) ? await standalone.Task.WaitAsync(Patience)
            : last!.Call;
        await stream.EventAsync(line);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static string? SubscriptionOf(JsonElement message) =>
        message.TryGetProperty("params", out var parameters) && parameters.TryGetProperty("_meta", out var meta)
        && meta.TryGetProperty("io.modelcontextprotocol/subscriptionId", out var id) ? id.GetRawText() : null;

    private async Task ServeAsync(HttpCall call)
    {
        if (call.Verb == "GET")
        {
            await call.BeginEventsAsync();
            standalone.TrySetResult(call);
            await call.SilenceAsync();
        }

        if (call.Verb != "POST" || call.RpcMethod is null || !call.Json.TryGetProperty("id", out _))
        {
            // Once it is answered the next one may come.
            if (call.Verb == "POST")
                sent.Writer.TryWrite(call.Json);
            await call.RespondAsync(call.Verb == "POST" ? 202 : 200);
            return;
        }

        await AnswerAsync(call);
    }

    /// <summary>Keeps a request's stream open until it has been answered, or its client has left it, which is how a modern one is cancelled.</summary>
    private async Task AnswerAsync(HttpCall call)
    {
        await call.BeginEventsAsync(call.RpcMethod == "initialize" ? "Mcp-Session-Id: played\r\n" : "");
        var asked = last = open[call.Id] = new OpenCall(call);
        sent.Writer.TryWrite(call.Json);
        if (await Task.WhenAny(asked.Answered.Task, call.ClosedByClientAsync()) == asked.Answered.Task || !open.TryRemove(call.Id, out _))
            return;

        if (call.Header("Mcp-Session-Id") is null)
            sent.Writer.TryWrite(JsonElement.Parse(
                $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{call.Id}}},"reason":"The request was cancelled."}}"""));
    }

    private sealed record OpenCall(HttpCall Call)
    {
        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
