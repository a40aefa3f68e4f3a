using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Answers to what came together may leave together: one write for all, which is most of what a small answer costs.</summary>
public sealed partial class LineWriter
{
    /// <summary>How many bytes wait for more at most.</summary>
    private const int MostGathered = 64 * 1024;

    private readonly PooledBuffer gathered = new(initialCapacity: 0); // Whose turn it is may touch it.
    private int gatherer;

    /// <summary>
    /// From now on the answers that the calling thread sends wait for whatever leaves next, be it <see cref="Flush"/>. What any other
    /// thread sends, and what is no answer, leaves at once, and takes along what waits.
    /// </summary>
    public void GatherHere() => Volatile.Write(ref gatherer, Environment.CurrentManagedThreadId);

    /// <summary>From now on every answer leaves at once again; those that wait go on waiting.</summary>
    public void GatherNoMore() => Volatile.Write(ref gatherer, 0);

    /// <summary>Whether answers wait.</summary>
    public bool HasGathered
    {
        get
        {
            // This look at the buffer comes after GatherNoMore, as TryGather's look at the gatherer comes after its change of the buffer.
            Interlocked.MemoryBarrier();
            return gathered.Length > 0;
        }
    }

    /// <summary>Begins to write what has been gathered, unless somebody writes already, who takes it along.</summary>
    public void Flush()
    {
        if (HasGathered && turn.Wait(0))
            _ = ObserveAsync(WriteInTurnAsync(null));
    }

    /// <summary>Keeps an answer for the next write, and ends the turn; false if it should leave now.</summary>
    private bool TryGather(PooledBuffer answer)
    {
        if (!IsGatheredHere || broken.Task.IsCompleted || !TryAppend(answer))
            return false;

        turn.Release();
        Interlocked.MemoryBarrier();
        if (!IsGatheredHere)
            Flush(); // The gathering ended meanwhile, and whoever ended it may have found the turn taken.
        return true;
    }

    private bool IsGatheredHere => Volatile.Read(ref gatherer) == Environment.CurrentManagedThreadId;

    private bool TryAppend(PooledBuffer line)
    {
        if (gathered.Length + line.Length > MostGathered)
            return false;

        gathered.Write(line.Written.Span);
        line.Dispose();
        return true;
    }
}
