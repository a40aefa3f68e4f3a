using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Stdio;

/// <summary>Counts restarts, so that a server that ends each time is not started for ever.</summary>
internal sealed class RestartBudget(RestartOptions options, TimeProvider time)
{
    private readonly Queue<long> restarts = new();

    /// <summary>Takes one restart, and says how long to wait before it.</summary>
    /// <exception cref="TransportClosedException">There have been too many.</exception>
    public TimeSpan Take(TransportClosedException reason)
    {
        while (restarts.TryPeek(out var oldest) && time.GetElapsedTime(oldest) > options.Window)
            restarts.Dequeue();
        if (restarts.Count >= options.MaxRestarts)
        {
            throw new TransportClosedException(
                $"{reason.Message} It was started again {restarts.Count} times within {options.Window.TotalSeconds:0.###} s, which is the limit.", reason)
            {
                ExitCode = reason.ExitCode,
                StandardErrorTail = reason.StandardErrorTail,
            };
        }

        // The first one at once: a server that runs for weeks and ends once is no reason to wait.
        var wait = restarts.Count == 0 ? TimeSpan.Zero : options.Delay * Math.Pow(2, restarts.Count - 1);
        restarts.Enqueue(time.GetTimestamp());
        return wait;
    }
}
