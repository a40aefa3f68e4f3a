namespace OnlyMcp.Server.Stdio;

/// <summary>
/// Looks every few milliseconds whether a handler keeps a pipe from being read: one thread for all pipes of the process, which sleeps
/// while there are no requests. A thread of its own, because a timer would wait for the thread pool, which may be what the handlers block.
/// </summary>
internal static class BatonWatch
{
    /// <summary>A handler is noticed at its second look.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private static readonly object Gate = new();
    private static readonly List<Baton> Watched = [];
    private static Thread? thread;

    public static void Add(Baton baton)
    {
        lock (Gate)
        {
            Watched.Add(baton);
            if (thread is null)
            {
                thread = new Thread(Watch) { IsBackground = true, Name = "OnlyMcp: watches slow handlers" };
                thread.UnsafeStart();
            }

            Monitor.Pulse(Gate);
        }
    }

    private static void Watch()
    {
        while (true)
        {
            Thread.Sleep(Interval);
            lock (Gate)
            {
                Watched.RemoveAll(static baton => !baton.Look());
                while (Watched.Count == 0)
                    Monitor.Wait(Gate);
            }
        }
    }
}
