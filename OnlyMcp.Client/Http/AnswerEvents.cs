using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Http;

/// <summary>
/// The events that answer one request, over as many streams as it takes: where one ends too soon and its events had ids, the next goes
/// on behind the last of them.
/// </summary>
/// <remarks>Spec: 2025-11-25 basic/transports §Resumability and Redelivery</remarks>
internal sealed class AnswerEvents(HttpResponseMessage response, IStreamResumption? resumption, ClientLimits limits) : IDisposable
{
    /// <summary>How often in a row a resumed stream may bring nothing before it is given up.</summary>
    private const int MaxFailures = 5;

    private HttpResponseMessage response = response;
    private SseReader? reader;
    private string? lastEventId;
    private TimeSpan? wait;
    private int failures;

    /// <summary>Waits for the next event; null when there are no more, and no way to get them.</summary>
    public async Task<SseEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (received, fault) = await TryReadAsync(cancellationToken).ConfigureAwait(false);
            if (received is not null)
                return received;

            if (!await ResumeAsync(cancellationToken).ConfigureAwait(false))
                return fault is null ? null : throw fault;
        }
    }

    public void Dispose()
    {
        reader?.Dispose();
        response.Dispose();
    }

    private async Task<(SseEvent? Received, Exception? Fault)> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            reader ??= new SseReader(
                await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), limits.MaxMessageBytes);
            var received = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return (received, null);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return (null, fault);
        }
        finally
        {
            Note();
        }
    }

    private void Note()
    {
        wait = reader?.Retry ?? wait;
        if (reader?.LastEventId is not { Length: > 0 } id || id == lastEventId)
            return;

        lastEventId = id;
        failures = 0;
    }

    private async Task<bool> ResumeAsync(CancellationToken cancellationToken)
    {
        while (resumption is not null && lastEventId is not null && failures++ < MaxFailures)
        {
            try
            {
                if (await resumption.ResumeAsync(lastEventId, wait, cancellationToken).ConfigureAwait(false) is not { } resumed)
                    return false;

                Dispose();
                (response, reader) = (resumed, null);
                return true;
            }
            catch (TransportClosedException) when (failures < MaxFailures)
            {
                // Out of reach for now: a network that broke the stream may break its resumption too.
            }
        }

        return false;
    }
}
