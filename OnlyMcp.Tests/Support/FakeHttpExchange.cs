using System.Text;
using System.Threading.Channels;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Tests.Support;

/// <summary>An HTTP request made of strings, and the response to it, without a socket.</summary>
internal sealed class FakeHttpExchange : HttpExchange
{
    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase) { ["Host"] = "127.0.0.1:3001" };
    private readonly Channel<string> writes = Channel.CreateUnbounded<string>();
    private ReadOnlyMemory<byte> body;
    private readonly StringBuilder written = new();
    private readonly StringBuilder tried = new();

    public FakeHttpExchange(string method, string target, string? body = null)
    {
        Method = method;
        var parts = target.Split('?', 2);
        (Path, Query) = (parts[0], parts.Length > 1 ? parts[1] : "");
        this.body = Encoding.UTF8.GetBytes(body ?? "");
        if (body is not null)
            With("Content-Type", "application/json").With("Content-Length", this.body.Length.ToString());
    }

    public override string Method { get; }

    public override string Path { get; }

    public override string Query { get; }

    public override string? TargetAuthority => Target;

    public override System.Security.Claims.ClaimsPrincipal? Principal => User;

    public override bool IsHttp10 => Http10;

    public System.Net.IPAddress? From { get; set; }

    public override System.Net.IPAddress? RemoteAddress => From;

    public System.Security.Claims.ClaimsPrincipal? User { get; set; }

    public string? Target { get; init; }

    public bool Http10 { get; init; }

    /// <summary>A body for which nothing comes, until the exchange is aborted.</summary>
    public bool BodyNeverComes { get; init; }

    /// <summary>Whether writes fail.</summary>
    public bool ClientIsGone { get; set; }

    /// <summary>A client that does not read: writes wait for this, or for the end.</summary>
    public TaskCompletionSource? Stuck { get; set; }

    /// <summary>A client that does not take the last bytes either: the end of the answer keeps its thread until the exchange is aborted.</summary>
    public bool IsStuckAtItsEnd { get; init; }

    /// <summary>Completes when the answer is being ended.</summary>
    public TaskCompletionSource Ending { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Status { get; private set; }

    public Dictionary<string, string> ResponseHeaders { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool Closes { get; private set; }

    public bool IsCompleted { get; private set; }

    public TaskCompletionSource<int> Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Body => written.ToString();

    /// <summary>What was to be written, whether or not the client was there to take it.</summary>
    public string Tried => tried.ToString();

    public FakeHttpExchange With(string name, string? value)
    {
        headers.Remove(name);
        if (value is not null)
            headers[name] = value;
        return this;
    }

    /// <summary>The next piece that was written.</summary>
    public async Task<string> NextWriteAsync() => await writes.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public override string? Header(string name) => headers.GetValueOrDefault(name);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (BodyNeverComes)
        {
            await Aborted.Task;
            throw new TransportClosedException("aborted");
        }

        var count = Math.Min(buffer.Length, body.Length);
        body[..count].CopyTo(buffer);
        body = body[count..];
        return count;
    }

    public override void SetResponseHeader(string name, string value) => ResponseHeaders[name] = value;

    public override void CloseAfterResponse() => Closes = true;

    public override ValueTask RespondAsync(int status, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (Status != 0)
            throw new InvalidOperationException("There is one response.");
        Status = status;
        ResponseHeaders["Content-Length"] = body.Length.ToString();
        return body.IsEmpty ? default : WriteAsync(body, cancellationToken);
    }

    public override void BeginStream()
    {
        if (Status != 0)
            throw new InvalidOperationException("There is one response.");
        Status = 200;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(bytes.Span);
        tried.Append(text);
        if (Stuck is { } stuck)
            await Task.WhenAny(stuck.Task, Aborted.Task);
        if (ClientIsGone || Aborted.Task.IsCompleted)
            throw new TransportClosedException("gone");
        written.Append(text);
        writes.Writer.TryWrite(text);
    }

    public override void Complete()
    {
        Ending.TrySetResult();
        if (IsStuckAtItsEnd)
            Aborted.Task.Wait();
        IsCompleted = true;
    }

    public override void Abort(int status)
    {
        if (Status == 0)
            Status = status;
        Aborted.TrySetResult(status);
    }
}
