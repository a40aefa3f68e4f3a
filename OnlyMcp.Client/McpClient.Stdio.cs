using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

public sealed partial class McpClient
{
    /// <summary>
    /// Starts a program as a server and connects to it over its standard input and output. Who chooses the command runs code:
    /// never take it from the network.
    /// </summary>
    /// <param name="command">The program: a name that is looked for in <c>PATH</c>, or a path; never a line for a shell.</param>
    /// <param name="arguments">Its arguments, each one as it is.</param>
    /// <param name="options">What the client can be told; null for nothing.</param>
    /// <param name="cancellationToken">Gives up, and ends the program.</param>
    /// <exception cref="ConnectException">The program answers, and no conversation comes about.</exception>
    /// <exception cref="TransportClosedException">The program could not be started, or ended; has its exit code and last words.</exception>
    public static Task<McpClient> StartAsync(
        string command,
        IReadOnlyList<string>? arguments = null,
        McpClientOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new McpClientOptions();
        return StartAsync(
            new StdioClientOptions
            {
                Command = command,
                Arguments = arguments ?? [],
                Pipe = new PipeClientOptions
                {
                    MaxMessageBytes = options.Limits.MaxMessageBytes,
                    MaxDepth = options.Limits.MaxDepth,
                    TimeProvider = options.TimeProvider,
                },
            },
            options,
            cancellationToken);
    }

    /// <inheritdoc cref="StartAsync(string, IReadOnlyList{string}?, McpClientOptions?, CancellationToken)"/>
    /// <param name="server">The program, its environment, and how it is ended.</param>
    /// <param name="options">What the client can be told; null for nothing.</param>
    /// <param name="cancellationToken">Gives up, and ends the program.</param>
    public static Task<McpClient> StartAsync(
        StdioClientOptions server, McpClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        options ??= new McpClientOptions();
        var key = string.Join('\0', [server.WorkingDirectory ?? "", server.Command, .. server.Arguments]);
        var address = new PipeAddress(() => new StdioClientTransport(server), key, $"'{server.Command}'", options);
        return ConnectAsync(
            address,
            options,
            cancellationToken,
            server.Restart is { } restart ? era => new RestartingEra(era, address, options, restart) : null);
    }
}
