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

    /// <summary>Goes on until the time is over, and ends with a whole step.</summary>
    /// <param name="span">For how long.</param>
    /// <param name="rests">Whether it rests after each step for as long as that took: then the machine has half of what it can do.</param>
    public async Task RunAsync(TimeSpan span, bool rests)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < span)
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                await Task.Run(StepAsync);
            }
            catch (Exception fault)
            {
                tally.Fail(name, fault);
                await Task.Delay(100);
            }

            var left = span - Stopwatch.GetElapsedTime(start);
            var rest = Stopwatch.GetElapsedTime(begun);
            if (rests && left > TimeSpan.Zero)
                await Task.Delay(rest < left ? rest : left);
        }
    }

    /// <summary>Connects, does something, leaves.</summary>
    protected abstract Task StepAsync();
}
