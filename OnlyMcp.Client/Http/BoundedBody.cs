using System.Runtime.CompilerServices;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Http;

/// <summary>Reads the body of a response, and never more of it than allowed. The response closes what is read here.</summary>
internal static class BoundedBody
{
    /// <summary>How much of an error's body is looked at.</summary>
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>A body of this length or less is given an array as soon as its length is known.</summary>
    private const int MostAtOnce = 64 * 1024;

    /// <summary>The whole body.</summary>
    /// <exception cref="ProtocolFaultException">It is longer than <paramref name="maxBytes"/>, declared or counted.</exception>
    public static ValueTask<byte[]> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        var declared = response.Content.Headers.ContentLength;
        return declared <= MostAtOnce && declared <= maxBytes
            ? ReadExactlyAsync(response, (int)declared, cancellationToken)
            : ReadAsync(response, declared, maxBytes, cancellationToken);
    }

    private static async ValueTask<byte[]> ReadAsync(
        HttpResponseMessage response, long? declared, int maxBytes, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer();
        if (declared > maxBytes
            || !await FillAsync(response, buffer, maxBytes, cancellationToken).ConfigureAwait(false))
        {
            throw new ProtocolFaultException($"The answer is longer than the {maxBytes} bytes that are allowed.", buffer.Written.Span);
        }

        return buffer.Written.ToArray();
    }

    /// <summary>The beginning of an error's body; what the rest says, or whether it breaks off, does not matter.</summary>
    public static async Task<byte[]> ReadBeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer();
        try
        {
            await FillAsync(response, buffer, MaxErrorBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            // The status is what counts.
        }

        return buffer.Written.ToArray();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<byte[]> ReadExactlyAsync(HttpResponseMessage response, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await body.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Fills the buffer; false if there is more than fits.</summary>
    private static async Task<bool> FillAsync(
        HttpResponseMessage response, PooledBuffer buffer, int maxBytes, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var read = await body.ReadAsync(buffer.GetMemory(4096), cancellationToken).ConfigureAwait(false);
            buffer.Advance(read);
            if (read == 0 || buffer.Length > maxBytes)
                return read == 0;
        }
    }
}
