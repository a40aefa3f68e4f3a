using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>A client of 2025-11-25 that wishes for tasks, over a pipe: reads on until what it waits for has come, and keeps the rest.</summary>
internal sealed class SessionPeer(AskedClient client) : IAsyncDisposable
{
    private readonly Dictionary<int, JsonElement> responses = [];
    private readonly Queue<JsonElement> questions = [];

    /// <summary>The notifications, in the order in which they came.</summary>
    public List<JsonElement> Told { get; } = [];

    public static async Task<SessionPeer> ConnectAsync(McpServer server, string capabilities = AskedClient.Everything) =>
        new(await AskedClient.ConnectAsync(server, KnownRevisions.V20251125, capabilities));

    /// <summary>Calls a tool as a task; its name.</summary>
    public async Task<string> StartAsync(string tool, string task = "{}", string more = "") =>
        (await AskAsync("tools/call", $"\"name\":\"{tool}\",\"arguments\":{{}},\"task\":{task}{more}"))
            .GetProperty("result").GetProperty("task").GetProperty("taskId").GetString()!;

    /// <summary>Asks one of <c>tasks/get</c>, <c>tasks/result</c> and <c>tasks/cancel</c>; the response.</summary>
    public Task<JsonElement> AboutAsync(string what, string taskId) => AskAsync("tasks/" + what, $"\"taskId\":\"{taskId}\"");

    /// <summary>How far a task has come.</summary>
    public async Task<string?> StatusAsync(string taskId) => (await AboutAsync("get", taskId)).GetProperty("result").GetProperty("status").GetString();

    /// <summary>Sends a request, and reads until its response has come.</summary>
    public async Task<JsonElement> AskAsync(string method, string parameters = "") => await ResponseAsync(await SendAsync(method, parameters));

    /// <summary>Sends a request; its id.</summary>
    public Task<int> SendAsync(string method, string parameters = "") => client.RequestAsync(method, parameters);

    /// <summary>Reads until the response has come.</summary>
    public async Task<JsonElement> ResponseAsync(int id)
    {
        JsonElement response;
        while (!responses.Remove(id, out response))
            await ReadAsync();
        return response;
    }

    /// <summary>Whether the response has come, as far as was read.</summary>
    public bool HasResponse(int id) => responses.ContainsKey(id);

    /// <summary>Reads until the server asks something.</summary>
    public async Task<JsonElement> QuestionAsync()
    {
        JsonElement question;
        while (!questions.TryDequeue(out question))
            await ReadAsync();
        return question;
    }

    /// <summary>Reads until a notification has come.</summary>
    public async Task<JsonElement> ToldAsync(Func<JsonElement, bool> isIt)
    {
        while (!Told.Any(isIt))
            await ReadAsync();
        return Told.First(isIt);
    }

    public Task AnswerAsync(JsonElement question, string result) => client.AnswerAsync(question, result);

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private async Task ReadAsync()
    {
        var message = JsonElement.Parse(await client.RawAsync() ?? throw new EndOfStreamException("The server closed the pipe."));
        if (!message.TryGetProperty("id", out var id))
            Told.Add(message);
        else if (message.TryGetProperty("method", out _))
            questions.Enqueue(message);
        else
            responses.Add(id.GetInt32(), message);
    }
}
