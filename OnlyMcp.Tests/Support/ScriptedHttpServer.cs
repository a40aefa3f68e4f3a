using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace OnlyMcp.Tests.Support;

/// <summary>A server over a real socket that answers as its script says, however wrong that is. One request a connection.</summary>
internal sealed class ScriptedHttpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopped = new();
    private readonly Func<HttpCall, Task> script;
    private readonly Task accepting;

    public ScriptedHttpServer(Func<HttpCall, Task> script, string path = "/mcp")
    {
        this.script = script;
        listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}{path}");
        accepting = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>What was asked, in order of arrival.</summary>
    public ConcurrentQueue<HttpCall> Calls { get; } = new();

    /// <summary>The JSON-RPC methods that were posted, and the verbs of what was not a POST.</summary>
    public IEnumerable<string> Methods => Calls.Select(call => call.Verb == "POST" ? call.RpcMethod ?? "response" : call.Verb);

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await listener.AcceptTcpClientAsync(stopped.Token));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        client.NoDelay = true;
        try
        {
            var call = await HttpCall.ReadAsync(client.GetStream(), stopped.Token);
            Calls.Enqueue(call);
            await script(call);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client left, or the test is over.
        }
    }
}

/// <summary>One HTTP request, and the way to answer it.</summary>
internal sealed class HttpCall
{
    private readonly NetworkStream stream;
    private readonly CancellationToken stopped;

    private HttpCall(NetworkStream stream, string verb, string target, Dictionary<string, string> headers, string body, CancellationToken stopped)
    {
        this.stream = stream;
        this.stopped = stopped;
        (Verb, Target, Headers, Body) = (verb, target, headers, body);
        Json = body.Length > 0 && !IsForm ? JsonDocument.Parse(body).RootElement : default;
    }

    public string Verb { get; }

    public string Target { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public string Body { get; }

    public JsonElement Json { get; }

    /// <summary>The fields of a form.</summary>
    public IReadOnlyDictionary<string, string> Form => Fields(Body);

    /// <summary>The parameters of the query.</summary>
    public IReadOnlyDictionary<string, string> Query => Fields(Target.Contains('?', StringComparison.Ordinal) ? Target[(Target.IndexOf('?', StringComparison.Ordinal) + 1)..] : "");

    /// <summary>What was asked for, without the query.</summary>
    public string Path => Target.Split('?')[0];

    private bool IsForm => Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) == true;

    public string? RpcMethod => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("method", out var method) ? method.GetString() : null;

    /// <summary>The id of the request as it stands in the body.</summary>
    public string Id => Json.GetProperty("id").GetRawText();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The fields of a form or a query.</summary>
    public static Dictionary<string, string> Fields(string encoded) => encoded.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(field => field.Split('=', 2))
        .ToDictionary(field => WebUtility.UrlDecode(field[0]), field => WebUtility.UrlDecode(field.ElementAtOrDefault(1) ?? ""));

    public static async Task<HttpCall> ReadAsync(NetworkStream stream, CancellationToken stopped)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n'))
        {
            await stream.ReadExactlyAsync(one, stopped);
            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, stopped);
        var start = lines[0].Split(' ');
        return new HttpCall(stream, start[0], start[1], headers, Encoding.UTF8.GetString(body), stopped);
    }

    /// <summary>Sends bytes as they are.</summary>
    public Task SendAsync(string raw) => stream.WriteAsync(Encoding.UTF8.GetBytes(raw), stopped).AsTask();

    public Task SendAsync(byte[] raw) => stream.WriteAsync(raw, stopped).AsTask();

    public Task RespondAsync(int status, string? type = null, string body = "", string headers = "") => SendAsync(
        $"HTTP/1.1 {status} Scripted\r\n{(type is null ? "" : $"Content-Type: {type}\r\n")}{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");

    public Task JsonAsync(string body, int status = 200, string headers = "") => RespondAsync(status, "application/json", body, headers);

    /// <summary>Answers the request with this result.</summary>
    public Task ResultAsync(string result, string headers = "") => JsonAsync($$"""{"jsonrpc":"2.0","id":{{Id}},"result":{{result}}}""", headers: headers);

    /// <summary>Answers the request with this error.</summary>
    public Task ErrorAsync(int code, int status = 200, string data = "{}", string message = "scripted") =>
        JsonAsync($$$"""{"jsonrpc":"2.0","id":{{{Id}}},"error":{"code":{{{code}}},"message":"{{{message}}}","data":{{{data}}}}}""", status);

    /// <summary>Begins an event stream, which ends with the connection.</summary>
    public Task BeginEventsAsync(string headers = "") =>
        SendAsync($"HTTP/1.1 200 Scripted\r\nContent-Type: text/event-stream\r\n{headers}Connection: close\r\n\r\n");

    public Task EventAsync(string json) => SendAsync($"event: message\ndata: {json}\n\n");

    /// <summary>Completes when the client has closed the connection.</summary>
    public async Task ClosedByClientAsync()
    {
        try
        {
            while (await stream.ReadAsync(new byte[64], stopped) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: closed as well.
        }
    }

    /// <summary>Leaves the client without an answer.</summary>
    public Task SilenceAsync() => Task.Delay(Timeout.Infinite, stopped);
}
