using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Protocol.Testing;

/// <summary>
/// The other side of a conversation, played by a test: it reads what the client or server under test has written, and writes what it
/// likes, right or wrong.
/// </summary>
/// <remarks>Not for use by several threads at a time. Waiting ends after <see cref="Patience"/>, so that a test fails and does not hang.</remarks>
public sealed class ScriptedPeer : IAsyncDisposable
{
    private const int MaxLineBytes = 16 * 1024 * 1024;

    private readonly Stream stream;
    private readonly LineReader reader;

    /// <summary>Plays over one end of a pipe, or of anything else that carries lines.</summary>
    public ScriptedPeer(Stream stream)
    {
        this.stream = stream ?? throw new ArgumentNullException(nameof(stream));
        reader = new LineReader(stream, MaxLineBytes);
    }

    /// <summary>How long to wait for a message; 10 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Makes a peer and the stream for the one under test, which is connected to it in memory.</summary>
    public static (ScriptedPeer Peer, Stream Other) Create()
    {
        var (own, other) = InMemoryPipe.Create();
        return (new ScriptedPeer(own), other);
    }

    /// <summary>The next message, whatever it is.</summary>
    /// <exception cref="ScriptException">None came in time, the other side has closed, or what came is no message.</exception>
    public async Task<JsonRpcMessage> NextAsync(CancellationToken cancellationToken = default)
    {
        var line = await NextLineAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonRpcReader.Parse(line);
        }
        catch (MalformedMessageException fault)
        {
            throw new ScriptException($"A message was expected; came: {Encoding.UTF8.GetString(line.Span)}", fault);
        }
    }

    /// <summary>The next message, which must be a request of this method.</summary>
    /// <exception cref="ScriptException">Something else came, or nothing.</exception>
    public Task<JsonRpcRequest> RequestAsync(string method, CancellationToken cancellationToken = default) =>
        NextAsync<JsonRpcRequest>($"the request '{method}'", request => request.Method == method, cancellationToken);

    /// <summary>The next message, which must be a notification of this method.</summary>
    /// <exception cref="ScriptException">Something else came, or nothing.</exception>
    public Task<JsonRpcNotification> NotificationAsync(string method, CancellationToken cancellationToken = default) =>
        NextAsync<JsonRpcNotification>($"the notification '{method}'", told => told.Method == method, cancellationToken);

    /// <summary>The next message, which must be the result of the request with this id.</summary>
    /// <exception cref="ScriptException">Something else came, or nothing.</exception>
    public Task<JsonRpcResultResponse> ResultAsync(RequestId id, CancellationToken cancellationToken = default) =>
        NextAsync<JsonRpcResultResponse>($"the result of the request {id}", result => result.Id == id, cancellationToken);

    /// <summary>The next message, which must be an error in answer to the request with this id.</summary>
    /// <exception cref="ScriptException">Something else came, or nothing.</exception>
    public Task<JsonRpcErrorResponse> ErrorAsync(RequestId id, CancellationToken cancellationToken = default) =>
        NextAsync<JsonRpcErrorResponse>($"an error in answer to the request {id}", error => error.Id == id, cancellationToken);

    /// <summary>Waits until the other side has closed.</summary>
    /// <exception cref="ScriptException">Something came instead, or nothing.</exception>
    public async Task EndAsync(CancellationToken cancellationToken = default)
    {
        if (await ReadAsync("the end", cancellationToken).ConfigureAwait(false) is { } line)
            throw new ScriptException($"The end was expected; came: {Encoding.UTF8.GetString(line.Bytes.Span)}");
    }

    /// <summary>Sends a line as it stands; it may be anything.</summary>
    public async Task SendAsync(string line, CancellationToken cancellationToken = default)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a message.</summary>
    public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync(message.ToString(), cancellationToken);
    }

    /// <summary>Answers a request with a result, given as JSON.</summary>
    public Task AnswerAsync(JsonRpcRequest request, string resultJson, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(new JsonRpcResultResponse(request.Id, new JsonBody(Encoding.UTF8.GetBytes(resultJson))), cancellationToken);
    }

    /// <summary>Answers a request with an error.</summary>
    public Task RefuseAsync(JsonRpcRequest request, int code, string message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(new JsonRpcErrorResponse(request.Id, new JsonRpcError(code, message)), cancellationToken);
    }

    /// <summary>
    /// Plays a transcript: sends each line of its own direction, and waits for each of the other, which must come as it stands there.
    /// </summary>
    /// <param name="transcript">
    /// A message a line, behind <c>--&gt; </c> if the client sends it and <c>&lt;-- </c> if the server does; lines that are empty or
    /// begin with <c>#</c> say nothing. <c>"..."</c> stands for any value, and members may come in any order.
    /// </param>
    /// <param name="plays">The direction that this peer speaks in: <see cref="WireDirection.ToServer"/> if it plays the client.</param>
    /// <param name="cancellationToken">Ends the play.</param>
    /// <exception cref="ScriptException">Something else came, or nothing.</exception>
    public async Task PlayAsync(string transcript, WireDirection plays, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        foreach (var line in transcript.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            var direction = line.StartsWith("--> ", StringComparison.Ordinal) ? WireDirection.ToServer
                : line.StartsWith("<-- ", StringComparison.Ordinal) ? WireDirection.ToClient
                : throw new FormatException($"A line of a transcript begins with '--> ', '<-- ' or '#': {line}");
            if (direction == plays)
                await SendAsync(line[4..], cancellationToken).ConfigureAwait(false);
            else
                await ExpectAsync(line[4..], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes this side.</summary>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task ExpectAsync(string expected, CancellationToken cancellationToken)
    {
        var received = await NextLineAsync(cancellationToken).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(received.Span);
        try
        {
            if (!JsonLikeness.Is(JsonElement.Parse(expected), JsonElement.Parse(text)))
                throw new ScriptException($"Expected: {expected}\nCame:     {text}");
        }
        catch (JsonException fault)
        {
            throw new ScriptException($"Expected: {expected}\nCame:     {text}", fault);
        }
    }

    private async Task<T> NextAsync<T>(string what, Func<T, bool> isIt, CancellationToken cancellationToken)
        where T : JsonRpcMessage
    {
        var message = await NextAsync(cancellationToken).ConfigureAwait(false);
        return message is T right && isIt(right) ? right : throw new ScriptException($"Expected {what}; came: {message}");
    }

    private async Task<ReadOnlyMemory<byte>> NextLineAsync(CancellationToken cancellationToken) =>
        (await ReadAsync("a message", cancellationToken).ConfigureAwait(false))?.Bytes
        ?? throw new ScriptException("A message was expected, but the other side has closed.");

    private async Task<Line?> ReadAsync(string what, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await reader.ReadAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ScriptException($"Expected {what}; nothing came for {Patience.TotalSeconds:0.###} s.");
        }
    }
}

/// <summary>The other side did not do what the script says.</summary>
public sealed class ScriptException : Exception
{
    internal ScriptException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
