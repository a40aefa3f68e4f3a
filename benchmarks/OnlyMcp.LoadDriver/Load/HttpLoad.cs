using System.Diagnostics;
using System.Net;
using OnlyMcp.LoadDriver.Report;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>Calls a server over so many connections, each with a thread that waits for its answers: that costs the machine least.</summary>
/// <param name="address">Where the server listens.</param>
/// <param name="request">The call.</param>
/// <param name="answer">The body that must come.</param>
/// <param name="answersAreFixed">Whether the server answers the same bytes to every call, whatever its number.</param>
internal sealed class HttpLoad(IPEndPoint address, byte[] request, byte[] answer, bool answersAreFixed)
{
    public Throughput Run(int connections, TimeSpan span)
    {
        using var ready = new Barrier(connections + 1);
        var calls = 0L;
        var latencies = new Latencies();
        var deadline = long.MaxValue;
        Exception? fault = null;
        var open = Enumerable.Range(0, connections).Select(_ => new HttpConnection(address)).ToArray();
        var threads = open.Select((connection, place) => new Thread(() => Call(connection, place), maxStackSize: 256 * 1024)).ToArray();
        foreach (var connection in open)
            connection.Open();
        foreach (var thread in threads)
            thread.Start();

        ready.SignalAndWait();
        var start = Stopwatch.GetTimestamp();
        Volatile.Write(ref deadline, start + (long)(span.TotalSeconds * Stopwatch.Frequency));
        foreach (var thread in threads)
            thread.Join();
        return fault is null ? new Throughput(calls, Stopwatch.GetElapsedTime(start), latencies) : throw fault;

        void Call(HttpConnection connection, int place)
        {
            var mine = new Latencies();
            ready.SignalAndWait();
            try
            {
                using (connection)
                    Interlocked.Add(ref calls, CallUntil(ref deadline, connection, place, NumberedCall.Numbers / connections, mine));
                lock (latencies)
                    latencies.Add(mine);
            }
            catch (Exception caught)
            {
                fault = caught;
            }
        }
    }

    private int CallUntil(ref long deadline, HttpConnection connection, int place, int numbers, Latencies latencies)
    {
        var call = new NumberedCall(request, answer);
        var count = 0;
        var start = Stopwatch.GetTimestamp();
        for (long end; start < Volatile.Read(ref deadline); start = end)
        {
            // Each connection has numbers of its own: within a session an id must not be in flight twice.
            var number = NumberedCall.Template + (place * numbers) + (count++ % numbers);
            var body = connection.Exchange(call.With(number));
            end = Stopwatch.GetTimestamp();
            latencies.Add(end - start);
            if (!call.TryRead(body, out var answered) || (answered != number && !answersAreFixed))
                throw new InvalidDataException($"A wrong answer to call {number}: {System.Text.Encoding.UTF8.GetString(body)}");
        }

        return count;
    }
}
