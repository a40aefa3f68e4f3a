using System.Diagnostics;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>Threads that share numbered jobs among them.</summary>
internal static class Workers
{
    /// <summary>Has each number's job done once; the time until all are done.</summary>
    /// <param name="threads">How many threads.</param>
    /// <param name="jobs">How many jobs.</param>
    /// <param name="make">Makes what one thread does with a number; it is disposed in the end.</param>
    public static TimeSpan Run<T>(int threads, int jobs, Func<T> make, Action<T, int> work)
        where T : IDisposable
    {
        var next = -1;
        Exception? fault = null;
        var start = Stopwatch.GetTimestamp();
        var all = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToArray();
        foreach (var thread in all)
            thread.Start();
        foreach (var thread in all)
            thread.Join();
        return fault is null ? Stopwatch.GetElapsedTime(start) : throw fault;

        void Work()
        {
            try
            {
                using var mine = make();
                while (Interlocked.Increment(ref next) is var number && number < jobs && Volatile.Read(ref fault) is null)
                    work(mine, number);
            }
            catch (Exception caught)
            {
                fault = caught;
            }
        }
    }
}
