using System.Buffers;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Server.RateLimits;

namespace OnlyMcp.MicroBenchmarks;

/// <summary>A server without a transport: a message in, its answer into memory that is used again.</summary>
internal sealed class Bench : IResponseStream
{
    private readonly ArrayBufferWriter<byte> output = new(1024);
    private readonly Conversation session = new(TimeProvider.System, fault => throw fault);

    // The limiter counts as it always does, and never refuses: here comes more in a second than any client could send.
    public McpServer Server { get; } = new(
        "benchmark", "1.0.0", new McpServerOptions { ToolCallLimiter = new TokenBucketLimiter(int.MaxValue, TimeSpan.FromSeconds(1)) });

    public void Open()
    {
        Server.AddTool("add", "Adds two numbers.", (int a, int b) => a + b);
        Server.AddTool("echo", "Says what it is told.", (string text) => text);
        Serve(JsonRpcReader.Parse(Calls.Initialize), modern: false);
    }

    /// <summary>From the message to the bytes of its answer.</summary>
    public int Serve(JsonRpcMessage message, bool modern)
    {
        output.ResetWrittenCount();
        var exchange = new Exchange(this) { Conversation = modern ? null : session };
        var serving = Server.HandleAsync(message, exchange, CancellationToken.None);
        if (!serving.IsCompletedSuccessfully)
            throw new InvalidOperationException("What is measured here has to be done when it returns.");
        return output.WrittenCount;
    }

    /// <summary>From the bytes of a message to those of its answer.</summary>
    public int Serve(byte[] utf8, bool modern) => Serve(JsonRpcReader.Parse(utf8), modern);

    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        // An error would be measured as if it were an answer.
        if (message is not JsonRpcResultResponse)
            throw new InvalidOperationException($"The benchmark expects a result and got {message}");

        JsonRpcWriter.Write(output, message);
        return ValueTask.CompletedTask;
    }
}
