using System.Runtime.InteropServices;

namespace OnlyMcp.Server.Http;

/// <summary>Reads and writes of HttpListener's streams that, as most are, are done by the time they return: without a task, on this thread.</summary>
/// <remarks>
/// The streams know callbacks only. Where one is given, as their ReadAsync and WriteAsync do, even bytes that are there already are handed
/// over on another thread of the pool, which costs a small call more than all of its own work. Without one the result tells for itself.
/// Windows completes these in ways of its own, and is asked as usual.
/// </remarks>
internal static class AtOnce
{
    /// <summary>Reads from a body whose length was declared: one of unknown length must be read with a callback.</summary>
    public static ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !MemoryMarshal.TryGetArray<byte>(buffer, out var room))
            return body.ReadAsync(buffer, cancellationToken);

        var reading = body.BeginRead(room.Array!, room.Offset, room.Count, null, null);
        return reading.IsCompleted ? new(body.EndRead(reading)) : EndAsync(body, reading);

        static async ValueTask<int> EndAsync(Stream body, IAsyncResult reading)
        {
            await TaskToAsyncResult.Unwrap(reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return body.EndRead(reading);
        }
    }

    /// <summary>Writes, with the headers if they have not left yet.</summary>
    public static ValueTask WriteAsync(Stream output, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !MemoryMarshal.TryGetArray(bytes, out var array))
            return output.WriteAsync(bytes, cancellationToken);

        var writing = output.BeginWrite(array.Array!, array.Offset, array.Count, null, null);
        if (!writing.IsCompleted)
            return EndAsync(output, writing);

        output.EndWrite(writing);
        return ValueTask.CompletedTask;

        static async ValueTask EndAsync(Stream output, IAsyncResult writing)
        {
            await TaskToAsyncResult.Unwrap(writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            output.EndWrite(writing);
        }
    }
}
