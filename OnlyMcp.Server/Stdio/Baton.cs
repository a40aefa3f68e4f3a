using System.Diagnostics;

namespace OnlyMcp.Server.Stdio;

/// <summary>
/// Whose turn it is to read a pipe. Whoever has read a request runs its handler and then reads on; where the handler takes its time,
/// somebody else reads on meanwhile.
/// </summary>
/// <remarks>
/// Handing on costs more than most handlers do. So it comes first only where a handler has been slow lately, and otherwise when
/// <see cref="BatonWatch"/> sees that one does not come back.
/// </remarks>
/// <param name="handOn">Has somebody else read on.</param>
internal sealed class Baton(Action handOn)
{
    /// <summary>How many handlers must come back soon before the next one is trusted to.</summary>
    private const int Doubts = 32;

    private const int LooksUntilUnwatched = 5;
    private const int Nobody = 0;

    private static readonly long Soon = Stopwatch.Frequency / 5000;

    private long runs;
    private long running;
    private long lastSeen;
    private int idleLooks;
    private int watched;
    private int doubts; // A few less than none where several handlers come back at once.

    /// <summary>A handler starts on the stack of the one who reads.</summary>
    public Run Begin()
    {
        if (Volatile.Read(ref doubts) <= 0)
            return BeginTrusted();

        handOn();
        return new Run(Nobody, Stopwatch.GetTimestamp());
    }

    /// <summary>Something starts there that is no handler: it should not take long.</summary>
    public Run BeginTrusted()
    {
        var run = new Run(++runs, Stopwatch.GetTimestamp());
        Interlocked.Exchange(ref running, run.Number);
        if (Volatile.Read(ref watched) == 0 && Interlocked.Exchange(ref watched, 1) == 0)
            BatonWatch.Add(this);
        return run;
    }

    /// <summary>The handler has come back, or waits for something; false if somebody else reads by now.</summary>
    public bool End(Run run)
    {
        if (Stopwatch.GetTimestamp() - run.Started > Soon)
            Volatile.Write(ref doubts, Doubts);
        else if (doubts > 0)
            Interlocked.Decrement(ref doubts);
        return !run.IsHandedOn && Interlocked.CompareExchange(ref running, Nobody, run.Number) == run.Number;
    }

    /// <summary>Hands the reading on if the handler that runs is the one of the last look; false once there is nothing to look at.</summary>
    internal bool Look()
    {
        var run = Volatile.Read(ref running);
        if (run == Nobody)
            return IsStillBusy();

        if (run == lastSeen && Interlocked.CompareExchange(ref running, Nobody, run) == run)
            handOn();
        (lastSeen, idleLooks) = (run, 0);
        return true;
    }

    private bool IsStillBusy()
    {
        var run = Volatile.Read(ref runs);
        idleLooks = run == lastSeen ? idleLooks + 1 : 0;
        lastSeen = run;
        if (idleLooks < LooksUntilUnwatched)
            return true;

        idleLooks = 0;
        Interlocked.Exchange(ref watched, 0);

        // Whoever has begun before that has relied on us; whoever begins from here on has itself watched.
        return Volatile.Read(ref running) != Nobody && Interlocked.Exchange(ref watched, 1) == 0;
    }

    /// <summary>One handler on the stack of the one who has read.</summary>
    internal readonly record struct Run(long Number, long Started)
    {
        /// <summary>Whether somebody else reads on from its start.</summary>
        public bool IsHandedOn => Number == Nobody;
    }
}
