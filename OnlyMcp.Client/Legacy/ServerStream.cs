using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>The standalone GET stream of a session: opened anew when it breaks, behind the last event where events have ids.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/transports §Listening for Messages from the Server
/// Spec: 2025-11-25 basic/transports §Resumability and Redelivery
/// </remarks>
internal sealed class ServerStream(StreamResumption streams, IMessageReceiver receiver, McpClientOptions options) : IDisposable
{
    /// <summary>How often in a row the stream may fail before it is given up: the session goes on without it.</summary>
    private const int MaxFailures = 5;

    private readonly CancellationTokenSource stopped = new();
    private string? lastEventId;
    private bool wasOpen;
    private TimeSpan? wait;

    /// <summary>Is told when the stream was there, and is given up.</summary>
    public Action? Lost { get; init; }

    /// <summary>Is told when it was opened anew without an id to go on behind.</summary>
    public Action? Skipped { get; init; }

    /// <summary>Is told why it is given up, if the server broke the protocol on it.</summary>
    public Action<ProtocolFaultException>? Broken { get; init; }

    /// <summary>Whether it was there, and is given up.</summary>
    public bool IsLost { get; private set; }

    public void Start() => _ = RunAsync();

    public void Dispose() => stopped.Cancel();

    private async Task RunAsync()
    {
        await ListenAsync().ConfigureAwait(false);
        if (!wasOpen || stopped.IsCancellationRequested)
            return;

        IsLost = true;
        Lost?.Invoke();
    }

    private async Task ListenAsync()
    {
        for (var failures = 0; failures < MaxFailures; failures++)
        {
            try
            {
                if (!await ReadStreamAsync(() => failures = 0).ConfigureAwait(false))
                    return;

                await streams.WaitAsync(wait, stopped.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException)
            {
                await streams.WaitAsync(wait, stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (ProtocolFaultException fault)
            {
                // Whoever goes on behind the last event gets the same one again.
                Broken?.Invoke(fault);
                return;
            }
        }
    }

    /// <summary>Reads until the stream ends; false if the server has none.</summary>
    private async Task<bool> ReadStreamAsync(Action lives)
    {
        using var response = await streams.OpenAsync(lastEventId, stopped.Token).ConfigureAwait(false);

        // MUST: a server without such a stream answers 405; others say 404 or 400, and mean the same.
        if (!StreamResumption.IsStream(response))
            return false;

        if (wasOpen && lastEventId is null)
            Skipped?.Invoke();
        wasOpen = true;
        var body = await response.Content.ReadAsStreamAsync(stopped.Token).ConfigureAwait(false);
        await using var closing = body.ConfigureAwait(false);
        using var reader = new SseReader(body, options.Limits.MaxMessageBytes);
        try
        {
            while (await reader.ReadAsync(stopped.Token).ConfigureAwait(false) is { } received)
            {
                lives();
                if (received.Type == "message" && !received.Data.IsEmpty)
                    Hand(received.Data);
            }
        }
        finally
        {
            (lastEventId, wait) = (reader.LastEventId ?? lastEventId, reader.Retry ?? wait);
        }

        return true;
    }

    private void Hand(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            receiver.Receive(JsonRpcReader.Parse(utf8, options.Limits.MaxDepth));
        }
        catch (MalformedMessageException fault)
        {
            receiver.ReceiveMalformed(fault, utf8);
        }
    }
}
