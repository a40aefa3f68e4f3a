using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>Streamable HTTP with a session: POSTs with its id, a GET stream for what is said unasked, a DELETE at the end.</summary>
/// <remarks>Spec: 2025-11-25 basic/transports §Streamable HTTP</remarks>
internal sealed class SessionTransport : IClientTransport
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly HttpEndpoint endpoint;
    private readonly McpClientOptions options;
    private readonly SessionHeaders headers = new();
    private readonly StreamResumption streams;
    private readonly StreamableHttpTransport posts;
    private IMessageReceiver? receiver;
    private ServerStream? stream;

    public SessionTransport(HttpEndpoint endpoint, McpClientOptions options)
    {
        this.endpoint = endpoint;
        this.options = options;
        streams = new StreamResumption(endpoint, headers.Write, options);
        posts = new StreamableHttpTransport(endpoint, headers, options.Limits, streams);
    }

    /// <summary>Is told when the stream for what the server says unasked has ended for good.</summary>
    public Action? StreamLost { get; set; }

    /// <summary>Is told when that stream was opened anew, and what was said meanwhile cannot be had.</summary>
    public Action? StreamSkipped { get; set; }

    /// <summary>Is told if the server breaks the protocol on that stream.</summary>
    public Action<ProtocolFaultException>? StreamBroken { get; set; }

    /// <summary>Whether that stream was there, and is not any more.</summary>
    public bool HasLostStream => stream is { IsLost: true };

    public bool HasResponseStreams => true;

    public Uri Address => endpoint.Uri;

    public string? SessionId => headers.SessionId;

    public Task StartAsync(IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        this.receiver = receiver;
        return posts.StartAsync(receiver, cancellationToken);
    }

    public Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken) => posts.SendAsync(message, cancellationToken);

    public void Begin(Revision revision) => headers.Begin(revision);

    public void Forget() => headers.Forget();

    /// <summary>Opens the stream for what the server says unasked; a server that has none says so, and that is all right.</summary>
    public void Listen()
    {
        stream?.Dispose();
        stream = new ServerStream(streams, receiver!, options)
        {
            Lost = () => StreamLost?.Invoke(),
            Skipped = () => StreamSkipped?.Invoke(),
            Broken = fault => StreamBroken?.Invoke(fault),
        };
        stream.Start();
    }

    /// <summary>SHOULD: a session is ended when no longer needed; a server may refuse (405), and a dead one must not hold us up.</summary>
    public async Task EndAsync()
    {
        stream?.Dispose();
        if (SessionId is null)
            return;

        using var limit = new CancellationTokenSource(FarewellTime, options.TimeProvider);
        try
        {
            using var answer = await endpoint.SendAsync(
                HttpMethod.Delete, endpoint.Uri, null, (written, _) => headers.Write(written), limit.Token, isBackground: true).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // The session ends on its own sooner or later.
        }
    }

    public ValueTask DisposeAsync()
    {
        stream?.Dispose();
        return ValueTask.CompletedTask;
    }
}
