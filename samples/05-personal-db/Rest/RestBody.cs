using System.Buffers;
using System.Text.Json;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Http;

namespace PersonalDb.Rest;

/// <summary>Reads the body of a request: a JSON object of bounded size, in bounded time.</summary>
internal static class RestBody
{
    private const int MostToReadAway = 4 * Limits.BodyBytes;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceWithTheRest = TimeSpan.FromSeconds(2);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="RestException">It is no JSON object (400), not called JSON (415), or too long (413).</exception>
    /// <exception cref="TransportClosedException">The client went away, or was too slow (408).</exception>
    public static async ValueTask<JsonElement> ReadAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        // A page of another site can post a form or plain text without asking the browser's leave, but not JSON.
        if (http.Header("Content-Type")?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) != true)
            throw new RestException(415, "The Content-Type of a body is application/json");

        var bytes = await ReadToEndAsync(http, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new RestException(400, "The body must be a JSON object");
        }
        catch (JsonException fault)
        {
            throw new RestException(400, $"The body is no JSON: {fault.Message}");
        }
    }

    /// <summary>Reads away what nobody wanted, within bounds: a connection closed on unread bytes takes the answer from its sender.</summary>
    public static async Task ReadRestAsync(HttpExchange http, int status, CancellationToken cancellationToken)
    {
        using var deadline = TimeProvider.System.CreateTimer(_ => http.Abort(status), null, PatienceWithTheRest, Timeout.InfiniteTimeSpan);
        var nowhere = new byte[4096];
        for (int count, read = 0; read < MostToReadAway && (count = await http.ReadAsync(nowhere, cancellationToken)) > 0;)
            read += count;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadToEndAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        if (http.ContentLength > Limits.BodyBytes)
            throw TooLong();

        // Nothing else ends a read for which no bytes come.
        using var deadline = TimeProvider.System.CreateTimer(_ => http.Abort(408), null, Patience, Timeout.InfiniteTimeSpan);
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var count = await http.ReadAsync(body.GetMemory(4096), cancellationToken);
            if (count == 0)
                return body.WrittenMemory;

            body.Advance(count);
            if (body.WrittenCount > Limits.BodyBytes)
                throw TooLong();
        }
    }

    private static RestException TooLong() => new(413, $"A body has at most {Limits.BodyBytes} bytes");
}
