namespace OnlyMcp.Server.Stdio;

/// <summary>
/// The threads that read a pipe, one at a time, where reading blocks: the others run handlers, or wait here for a while to read again.
/// The thread pool is spared: it has no more threads than the machine has cores at first, and one of them would always be gone.
/// </summary>
/// <param name="read">Reads until somebody else does.</param>
internal sealed class ReadingThreads(Action read)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly object gate = new();
    private int waiting;
    private int called;

    /// <summary>Has a thread read that does nothing else.</summary>
    public void HandOn()
    {
        lock (gate)
        {
            if (waiting > called)
            {
                called++;
                Monitor.Pulse(gate);
                return;
            }
        }

        new Thread(Run) { IsBackground = true, Name = "OnlyMcp: reads a pipe" }.UnsafeStart();
    }

    private void Run()
    {
        do
            read();
        while (IsCalled());
    }

    private bool IsCalled()
    {
        lock (gate)
        {
            waiting++;
            while (called == 0 && Monitor.Wait(gate, Patience))
            {
            }

            waiting--;
            if (called == 0)
                return false;

            called--;
            return true;
        }
    }
}
