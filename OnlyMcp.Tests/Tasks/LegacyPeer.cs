using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A client of a session on a pipe, played by the test, that sorts what comes: answers, questions, news.</summary>
internal sealed class LegacyPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Stream stream;
    private readonly Task serving;
    private readonly Task reading;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> answers = new();
    private readonly ConcurrentDictionary<string, Channel<JsonElement>> told = new();
    private int lastId;

    private LegacyPeer(McpServer server)
    {
        (stream, var far) = InMemoryPipe.Create();
        serving = server.ServeAsync(far, far);
        reading = ReadAsync();
    }

    /// <summary>All that came, in its order.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>The result of initialize.</summary>
    public JsonElement Opened { get; private set; }

    public static async Task<LegacyPeer> ConnectAsync(McpServer server, Revision? revision = null, string capabilities = AskedClient.Everything)
    {
        var peer = new LegacyPeer(server);
        var opened = await peer.AskAsync("initialize", $$$"""
            "protocolVersion":"{{{revision ?? KnownRevisions.V20251125}}}","capabilities":{{{capabilities}}},"clientInfo":{"name":"t","version":"1"}
            """);
        peer.Opened = opened.GetProperty("result");
        await peer.SendAsync(Wire.Initialized);
        return peer;
    }

    /// <summary>Sends a request, and returns its id.</summary>
    public async Task<int> RequestAsync(string method, string parameters)
    {
        var id = Interlocked.Increment(ref lastId);
        await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{ {{parameters}} } }""");
        return id;
    }

    /// <summary>The answer to a request.</summary>
    public Task<JsonElement> AnswerToAsync(int id) => Answer(id).Task.WaitAsync(Patience);

    public bool IsAnswered(int id) => Answer(id).Task.IsCompleted;

    public async Task<JsonElement> AskAsync(string method, string parameters) => await AnswerToAsync(await RequestAsync(method, parameters));

    /// <summary>The result of a request.</summary>
    public async Task<JsonElement> ResultAsync(string method, string parameters) => ResultIn(await AskAsync(method, parameters));

    /// <summary>The error that a request is answered with.</summary>
    public async Task<JsonElement> ErrorAsync(string method, string parameters) => ErrorIn(await AskAsync(method, parameters));

    /// <summary>Calls a tool as a task, and returns the task's name.</summary>
    public async Task<string> BeginAsync(string tool, string arguments = "{}", string wish = "{}", string more = "") =>
        (await ResultAsync("tools/call", $$""" "name":"{{tool}}","arguments":{{arguments}},"task":{{wish}}{{more}} """))
            .GetProperty("task").GetProperty("taskId").GetString()!;

    /// <summary>Asks about a task.</summary>
    public Task<JsonElement> AboutAsync(string method, string taskId) => ResultAsync(method, $"\"taskId\":\"{taskId}\"");

    /// <summary>Begins to wait for a task's result.</summary>
    public Task<int> WaitForAsync(string taskId) => RequestAsync("tasks/result", $"\"taskId\":\"{taskId}\"");

    /// <summary>Waits until a task that was made here has this status.</summary>
    public async Task<JsonElement> UntilAsync(string taskId, string status)
    {
        while (true)
        {
            var task = await AboutAsync("tasks/get", taskId);
            if (task.GetProperty("status").GetString() == status)
                return task;
            await ToldAsync("notifications/tasks/status");
        }
    }

    /// <summary>The next request or notification of this method.</summary>
    public Task<JsonElement> ToldAsync(string method) => Told(method).Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public int CountOf(string method) => Lines.Count(line => line.Contains($"\"method\":\"{method}\"", StringComparison.Ordinal));

    public Task ReplyAsync(JsonElement question, string result) =>
        SendAsync($$"""{"jsonrpc":"2.0","id":{{question.GetProperty("id").GetRawText()}},"result":{{result}} }""");

    public Task RefuseAsync(JsonElement question, int code, string message) => SendAsync(
        $$$"""{"jsonrpc":"2.0","id":{{{question.GetProperty("id").GetRawText()}}},"error":{"code":{{{code}}},"message":"{{{message}}}","data":[1]} }""");

    public Task SendAsync(string line) => stream.WriteAsync(Encoding.UTF8.GetBytes(line.ReplaceLineEndings("") + "\n")).AsTask().WaitAsync(Patience);

    public static JsonElement ResultIn(JsonElement answer) =>
        answer.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"No result: {answer}");

    public static JsonElement ErrorIn(JsonElement answer) =>
        answer.TryGetProperty("error", out var error) ? error : throw new InvalidOperationException($"No error: {answer}");

    /// <summary>The task that the metadata of params or of a result names.</summary>
    public static string? TaskIn(JsonElement content) =>
        content.TryGetProperty("_meta", out var meta) && meta.TryGetProperty("io.modelcontextprotocol/related-task", out var related)
            ? related.GetProperty("taskId").GetString()
            : null;

    public static string TextIn(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await serving.WaitAsync(Patience);
        await reading.WaitAsync(Patience);
    }

    private TaskCompletionSource<JsonElement> Answer(int id) =>
        answers.GetOrAdd(id, _ => new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously));

    private Channel<JsonElement> Told(string method) => told.GetOrAdd(method, _ => Channel.CreateUnbounded<JsonElement>());

    private async Task ReadAsync()
    {
        using var reader = new StreamReader(stream);
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                Lines.Enqueue(line);
                var message = JsonElement.Parse(line);
                if (message.TryGetProperty("method", out var method))
                    Told(method.GetString()!).Writer.TryWrite(message);
                else
                    Answer(message.GetProperty("id").GetInt32()).TrySetResult(message);
            }
        }
        catch (Exception end) when (end is ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
