using System.Text;
using System.Text.Json;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Support;

/// <summary>The server's end of a pipe in memory, played by the test: it reads what the client wrote, and writes what it likes.</summary>
internal sealed class ScriptedPipe : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly StreamReader reader;

    public ScriptedPipe()
    {
        (var client, stream) = InMemoryPipe.Create();
        reader = new StreamReader(stream);
        Transport = new PipeClientTransport(client, client);
    }

    /// <summary>The client's end.</summary>
    public IClientTransport Transport { get; }

    /// <summary>The next message of the client, whatever it is.</summary>
    public async Task<JsonElement> NextAsync()
    {
        var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10));
        return JsonDocument.Parse(line ?? throw new EndOfStreamException("The client closed the pipe.")).RootElement;
    }

    /// <summary>The next message of the client, which has this method.</summary>
    public async Task<JsonElement> NextAsync(string method)
    {
        var message = await NextAsync();
        message.GetProperty("method").GetString().Should().Be(method);
        return message;
    }

    public Task SendAsync(string line) => stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).AsTask();

    public Task ResultAsync(JsonElement request, string result) =>
        SendAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""");

    public Task ErrorAsync(JsonElement request, int code, string data = "null") => SendAsync(
        $$$"""{"jsonrpc":"2.0","id":{{{request.GetProperty("id").GetRawText()}}},"error":{"code":{{{code}}},"message":"scripted","data":{{{data}}}}}""");

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        return stream.DisposeAsync();
    }
}
