using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;

namespace OnlyMcp.Tests.Support;

/// <summary>A server at one end of a pipe and its client at the other, over streams in memory or over files as standard input and output are.</summary>
internal sealed class ServedPipe : IAsyncDisposable
{
    public const string Streams = "streams";
    public const string Files = "files";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FilePipe? files;
    private readonly Task serving;

    private ServedPipe(McpServer server, string kind)
    {
        if (kind == Files)
        {
            files = new FilePipe();
            files.Input.IsAsync.Should().BeFalse("a read of it keeps a thread, as one of standard input does");
            Client = files.Client;
            serving = server.ServeAsync(files.Input, files.Output);
        }
        else
        {
            var (near, far) = InMemoryPipe.Create();
            Client = new StdioPeer(near);
            serving = server.ServeAsync(far, far);
        }
    }

    public StdioPeer Client { get; }

    /// <summary>Serves over a pipe of that kind, and opens the conversation.</summary>
    public static async Task<ServedPipe> OpenAsync(McpServer server, string kind)
    {
        var pipe = new ServedPipe(server, kind);
        await pipe.Client.InitializeAsync();
        return pipe;
    }

    /// <summary>Closes the client's end, and waits until the server has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await serving.WaitAsync(Patience);
        files?.Dispose();
    }
}
