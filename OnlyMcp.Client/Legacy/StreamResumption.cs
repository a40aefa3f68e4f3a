using System.Net.Http.Headers;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>Resumes event streams of a session with GET and the id of the last event that came.</summary>
/// <remarks>Spec: 2025-11-25 basic/transports §Resumability and Redelivery</remarks>
internal sealed class StreamResumption(HttpEndpoint endpoint, Action<HttpRequestHeaders> write, McpClientOptions options) : IStreamResumption
{
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    public async Task<HttpResponseMessage?> ResumeAsync(string lastEventId, TimeSpan? wait, CancellationToken cancellationToken)
    {
        await WaitAsync(wait, cancellationToken).ConfigureAwait(false);
        var response = await OpenAsync(lastEventId, cancellationToken).ConfigureAwait(false);
        if (IsStream(response))
            return response;

        using (response)
        {
            // 404 says that the session is over, which its own rules deal with. Anything else: there is nothing to resume.
            return (int)response.StatusCode == 404
                ? throw await HttpAnswer.RefusalAsync("Resuming a stream", response, cancellationToken).ConfigureAwait(false)
                : null;
        }
    }

    /// <summary>MUST: a stream is not opened again before the time that the server named in `retry` is over.</summary>
    public Task WaitAsync(TimeSpan? wait, CancellationToken cancellationToken)
    {
        // Choice: a server that asks for no wait at all, and ends each stream at once, would keep both sides busy for nothing.
        var time = wait ?? UsualWait;
        return Task.Delay(time > ShortestWait ? time : ShortestWait, options.TimeProvider, cancellationToken);
    }

    /// <summary>Asks for a stream: the one behind this event, or the session's own where there is none.</summary>
    public Task<HttpResponseMessage> OpenAsync(string? lastEventId, CancellationToken cancellationToken) => endpoint.SendAsync(
        HttpMethod.Get, endpoint.Uri, null, (headers, _) => WriteHeaders(headers, lastEventId), cancellationToken, isBackground: true).AsTask();

    /// <summary>Whether the answer is a stream.</summary>
    public static bool IsStream(HttpResponseMessage response) =>
        response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "text/event-stream";

    private void WriteHeaders(HttpRequestHeaders headers, string? lastEventId)
    {
        headers.TryAddWithoutValidation("Accept", "text/event-stream");
        write(headers);
        if (lastEventId is { Length: > 0 } id && !id.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            headers.TryAddWithoutValidation(McpHeaders.LastEventId, id);
    }
}
