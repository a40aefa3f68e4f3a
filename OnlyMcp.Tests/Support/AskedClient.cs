using System.Globalization;
using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;

namespace OnlyMcp.Tests.Support;

/// <summary>A client's end of a pipe, played by the test: it calls, and answers what it is asked meanwhile, in either era.</summary>
internal sealed class AskedClient : IAsyncDisposable
{
    public const string Everything = """{"elicitation":{"form":{},"url":{}},"sampling":{"tools":{},"context":{}},"roots":{}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Stream stream;
    private readonly StreamReader reader;
    private readonly Task serving;
    private readonly string capabilities;
    private int lastId;

    private AskedClient(McpServer server, Revision revision, string capabilities)
    {
        (stream, var far) = InMemoryPipe.Create();
        reader = new StreamReader(stream);
        serving = server.ServeAsync(far, far);
        Revision = revision;
        this.capabilities = capabilities;
    }

    public Revision Revision { get; }

    private bool IsModern => Revision.Era == Era.Modern;

    public static async Task<AskedClient> ConnectAsync(McpServer server, Revision revision, string capabilities = Everything)
    {
        var client = new AskedClient(server, revision, capabilities);
        if (client.IsModern)
            return client;

        await client.SendAsync($$$"""
            {"jsonrpc":"2.0","id":"open","method":"initialize","params":{"protocolVersion":"{{{revision}}}","capabilities":{{{capabilities}}},"clientInfo":{"name":"t","version":"1"} } }
            """);
        (await client.NextAsync()).GetProperty("result").GetProperty("protocolVersion").GetString().Should().Be(revision.Version);
        await client.SendAsync(Wire.Initialized);
        return client;
    }

    /// <summary>Sends a call, and returns its id.</summary>
    public Task<int> CallAsync(string tool, string arguments = "{}") => RequestAsync("tools/call", ParamsOf(tool, arguments));

    /// <summary>Sends a request, and returns its id.</summary>
    public async Task<int> RequestAsync(string method, string parameters)
    {
        var id = ++lastId;
        var meta = IsModern
            ? $$$""","_meta":{"io.modelcontextprotocol/protocolVersion":"{{{Revision}}}","io.modelcontextprotocol/clientCapabilities":{{{capabilities}}} }"""
            : "";
        await SendAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{ {{{parameters}}}{{{meta}}} } }""");
        return id;
    }

    /// <summary>Calls, answers every question by its method and what it says, and returns the response.</summary>
    public Task<JsonElement> AskedAsync(string tool, Func<JsonElement, string> answer, string arguments = "{}") =>
        AskedAsync("tools/call", ParamsOf(tool, arguments), answer);

    /// <summary>The same for any request.</summary>
    public async Task<JsonElement> AskedAsync(string method, string parameters, Func<JsonElement, string> answer)
    {
        var id = await RequestAsync(method, parameters);
        while (true)
        {
            var message = await NextAsync();
            if (!IsModern && message.TryGetProperty("method", out _))
                await (IsModern ? throw new InvalidOperationException($"A modern server asks nothing itself: {message}") : AnswerAsync(message, answer(message)));
            else if (IsModern && message.TryGetProperty("result", out var result) && result.TryGetProperty("inputRequests", out var questions))
                id = await RequestAsync(method, parameters + Answers(questions, answer) + StateOf(result));
            else
                return message.GetProperty("id").GetInt32() == id ? message : throw new InvalidOperationException($"Not expected: {message}");
        }
    }

    /// <summary>The text of the tool's answer, or the words of the error.</summary>
    public async Task<string> TextAsync(string tool, Func<JsonElement, string> answer, string arguments = "{}") =>
        TextOf(await AskedAsync(tool, answer, arguments));

    public static string TextOf(JsonElement response) => response.TryGetProperty("result", out var result)
        ? result.GetProperty("content")[0].GetProperty("text").GetString()!
        : response.GetProperty("error").GetProperty("message").GetString()!;

    private static string ParamsOf(string tool, string arguments) => $$""" "name":"{{tool}}","arguments":{{arguments}} """;

    /// <summary>The members with which a modern request is sent again.</summary>
    public static string StateOf(JsonElement result) => $$""","requestState":{{result.GetProperty("requestState").GetRawText()}}""";

    public static string Answers(JsonElement questions, Func<JsonElement, string> answer) =>
        $$""","inputResponses":{ {{string.Join(',', questions.EnumerateObject().Select(question => $"{JsonSerializer.Serialize(question.Name)}:{answer(question.Value)}"))}} }""";

    public Task AnswerAsync(JsonElement request, string result) =>
        SendAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""");

    public Task RefuseAsync(JsonElement request, int code, string message) => SendAsync(string.Create(
        CultureInfo.InvariantCulture, $$$"""{"jsonrpc":"2.0","id":{{{request.GetProperty("id").GetRawText()}}},"error":{"code":{{{code}}},"message":"{{{message}}}"}}"""));

    public Task SendAsync(string line) => stream.WriteAsync(Encoding.UTF8.GetBytes(line.ReplaceLineEndings("") + "\n")).AsTask().WaitAsync(Patience);

    /// <summary>The next message that is no log message and no news of a change.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (true)
        {
            var message = JsonElement.Parse(await reader.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException("The server closed the pipe."));
            if (!message.TryGetProperty("method", out var method) || method.GetString() is not { } name
                || !(name == "notifications/message" || name.EndsWith("/list_changed", StringComparison.Ordinal)))
                return message;
        }
    }

    /// <summary>The next message, whatever it is.</summary>
    public async Task<string?> RawAsync() => await reader.ReadLineAsync().WaitAsync(Patience);

    /// <summary>The next message that is no log message and no news of a change, which has this method.</summary>
    public async Task<JsonElement> NextAsync(string method)
    {
        var message = await NextAsync();
        message.GetProperty("method").GetString().Should().Be(method, message.GetRawText());
        return message;
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await serving.WaitAsync(Patience);
        reader.Dispose();
    }
}
