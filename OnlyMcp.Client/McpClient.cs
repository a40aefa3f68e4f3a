using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

/// <summary>A connection to an MCP server. It finds out which revision the server speaks; many calls may run on it at a time.</summary>
/// <remarks>Spec: 2026-07-28 basic/versioning §Compatibility Matrix</remarks>
public sealed partial class McpClient : IAsyncDisposable
{
    private readonly IServerAddress address;
    private readonly IClientEra era;
    private readonly McpClientOptions options;
    private readonly ToolTable tools;
    private int disposed;

    private McpClient(IServerAddress address, IClientEra era, McpClientOptions options)
    {
        this.address = address;
        this.era = era;
        this.options = options;
        tools = new ToolTable(options.Limits.MaxRememberedTools);
        taskServer = new TaskServer(AskCheckedAsync, name => tools.Find(name)?.Tool, SeeToolAsync, BidFarewell);
    }

    /// <summary>What the server calls itself: for display and logs, never for a decision. Null if it does not say.</summary>
    public Implementation? ServerInfo => era.Server.Info;

    /// <summary>How to use the server, in words for a language model; null if it does not say.</summary>
    public string? Instructions => era.Server.Instructions;

    /// <summary>What the server offers.</summary>
    public ServerCapabilities ServerCapabilities => era.Server.Capabilities;

    /// <summary>The revision that is spoken.</summary>
    public Revision Revision => era.Revision;

    /// <summary>The protocol version that is spoken, as it stands on the wire.</summary>
    public string ProtocolVersion => era.Revision.Version;

    /// <summary>Whether the server keeps a session for this client, or each request stands alone.</summary>
    public Era Era => era.Revision.Era;

    internal ClientConversation Conversation => era.Conversation;

    private SafeIcons Icons => Conversation.Icons;

    /// <summary>Connects to the server at a URL: asks as the newest servers are asked, then as older ones.</summary>
    /// <exception cref="ConnectException">Something answers, and no conversation comes about.</exception>
    /// <exception cref="TransportClosedException">The server cannot be reached.</exception>
    public static Task<McpClient> ConnectAsync(
        string url, McpClientOptions? options = null, CancellationToken cancellationToken = default) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
            ? ConnectAsync(uri, options, cancellationToken)
            : throw new ArgumentException($"'{url}' is no address of a server: give an absolute http or https URL.", nameof(url));

    /// <inheritdoc cref="ConnectAsync(string, McpClientOptions?, CancellationToken)"/>
    public static Task<McpClient> ConnectAsync(Uri url, McpClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        options ??= new McpClientOptions();
        return ConnectAsync(new HttpAddress(url, options), options, cancellationToken);
    }

    /// <summary>Connects over a transport of your own, such as a pair of streams. The client starts it, and disposes it at last.</summary>
    /// <exception cref="ConnectException">Something answers, and no conversation comes about.</exception>
    /// <exception cref="TransportClosedException">The other side is gone.</exception>
    public static Task<McpClient> ConnectAsync(
        IClientTransport transport, McpClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        options ??= new McpClientOptions();
        return ConnectAsync(new PipeAddress(() => transport, null, "the server behind the pipe", options), options, cancellationToken);
    }

    /// <summary>Asks whether the server is there: with <c>ping</c>, or, since 2026-07-28 has none, with <c>server/discover</c>.</summary>
    /// <exception cref="RequestTimedOutException">No answer came in time.</exception>
    public Task PingAsync(RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        return era.PingAsync(options ?? RequestOptions.Default, cancellationToken);
    }

    /// <summary>
    /// Asks anything: sends a request with these parameters, an object, and returns the result's JSON. What the server has declared
    /// is not looked at.
    /// </summary>
    /// <exception cref="JsonRpcException">The server answered with an error.</exception>
    /// <exception cref="HttpStatusException">The answer is an HTTP status and none of the protocol: 401 asks for credentials.</exception>
    /// <exception cref="RequestTimedOutException">No answer came in time.</exception>
    /// <exception cref="SessionLostException">The server had forgotten the session, and the request may not be safe to repeat.</exception>
    /// <exception cref="ProtocolFaultException">The answer breaks the protocol.</exception>
    /// <exception cref="TransportClosedException">The server is gone.</exception>
    public Task<JsonBody> SendRequestAsync(
        string method, JsonBody parameters = default, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        return era.AskAsync(method, parameters, options ?? RequestOptions.Default, cancellationToken).AsTask();
    }

    /// <summary>Takes leave of the server and closes the connection; what is still under way fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;

        // Whoever listens stops, and is not waited for: it may be the one who disposes.
        await disposing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(farewells.Keys).ConfigureAwait(false);
        await era.DisposeAsync().ConfigureAwait(false);
        await address.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<McpClient> ConnectAsync(
        IServerAddress address, McpClientOptions options, CancellationToken cancellationToken, Func<IClientEra, IClientEra>? around = null)
    {
        ExtensionNames.Check(options.Capabilities.Extensions);
        try
        {
            var era = await new EraSearch(address, options).RunAsync(cancellationToken).ConfigureAwait(false);
            return new McpClient(address, around?.Invoke(era) ?? era, options);
        }
        catch
        {
            await address.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
