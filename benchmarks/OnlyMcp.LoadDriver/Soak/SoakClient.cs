using System.Diagnostics;

namespace OnlyMcp.LoadDriver.Soak;

/// <summary>Somebody who connects, does something, and leaves nothing behind; over and over.</summary>
/// <param name="name">Who it is.</param>
/// <param name="tally">Where it counts what it has done.</param>
internal abstract class SoakClient(string name, Tally tally)
{
    private readonly Random random = new(name.GetHashCode(StringComparison.Ordinal));

    /// <summary>Where it counts.</summary>
    protected Tally Tally => tally;

    /// <summary>Makes no two steps alike.</summary>
    protected Random Random => random;

    /// <summary>How long from the beginning of one step to that of the next; zero for no rest between them.</summary>
    public TimeSpan Period { get; private set; }

    /// <summary>Goes on for a time as fast as it can, and from then on half as fast.</summary>
    public async Task FindPaceAsync(TimeSpan span)
    {
        Period = TimeSpan.Zero;
        Period = span / Math.Max(await RunAsync(span), 1) * 2;
    }

    /// <summary>Goes on until the time is over, and ends with a whole step; the number of steps.</summary>
    public async Task<int> RunAsync(TimeSpan span)
    {
        var start = Stopwatch.GetTimestamp();
        var steps = 0;
        for (var next = TimeSpan.Zero; Stopwatch.GetElapsedTime(start) < span; steps++)
        {
            try
            {
                // On a thread of its own: most wait for their answers as a program does that has nothing else to do.
                await Task.Factory.StartNew(StepAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            }
            catch (Exception fault)
            {
                tally.Fail(name, fault);
                await Task.Delay(100);
            }

            // What is late is not made up for.
            var passed = Stopwatch.GetElapsedTime(start);
            next = next + Period > passed ? next + Period : passed;
            var rest = (next < span ? next : span) - passed;
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest);
        }

        return steps;
    }

    /// <summary>Connects, does something, leaves.</summary>
    protected abstract Task StepAsync();
}
