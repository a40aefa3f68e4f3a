namespace OnlyMcp.Server.Http;

/// <summary>The answers that are nothing yet: rings at each that has been so for long, again and again, and cancels them all in the end.</summary>
/// <remarks>
/// One timer for all, and no cancellation that is linked to the server's: most requests end long before either would matter to them.
/// All may be silent equally long, so the first in the list is the next that is due.
/// </remarks>
internal sealed class OpenAnswers(TimeProvider time, TimeSpan delay)
{
    private readonly Lock gate = new();
    private readonly TimeSpan delay = delay == TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : delay;
    private HttpResponseStream? first;
    private HttpResponseStream? last;
    private ITimer? timer;
    private bool isSet;
    private bool ended;

    /// <summary>Adds an answer; cancels it if all have been.</summary>
    public void Add(HttpResponseStream answer)
    {
        lock (gate)
        {
            Append(answer);
            if (!isSet)
                Set(delay);
            if (!ended)
                return;
        }

        answer.Cancel();
    }

    /// <summary>Takes out an answer that has begun, or is done; may be called again.</summary>
    public void Remove(HttpResponseStream answer)
    {
        lock (gate)
        {
            if (answer.Place.IsTaken)
                Unlink(answer);
        }
    }

    /// <summary>Cancels all that are there, and those that are still to come.</summary>
    public void CancelAll()
    {
        var there = new List<HttpResponseStream>();
        lock (gate)
        {
            ended = true;
            for (var answer = first; answer is not null; answer = answer.Place.Next)
                there.Add(answer);
        }

        foreach (var answer in there)
            answer.Cancel();
    }

    private void Ring()
    {
        lock (gate)
        {
            isSet = false;
            var now = time.GetTimestamp(); // Once: who is appended below must not be due again before the list is through.
            while (first is { } next)
            {
                var wait = delay - time.GetElapsedTime(next.Place.Since, now);
                if (wait > TimeSpan.Zero)
                {
                    Set(wait);
                    return;
                }

                // To the end of the list: it rings again. Each on a thread of its own, for what it sends may have to wait.
                Unlink(next);
                Append(next);
                ThreadPool.UnsafeQueueUserWorkItem(static answer => answer.BreakSilence(), next, preferLocal: false);
            }
        }
    }

    private void Set(TimeSpan wait)
    {
        timer ??= time.CreateTimer(answers => ((OpenAnswers)answers!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(wait, Timeout.InfiniteTimeSpan);
        isSet = true;
    }

    private void Append(HttpResponseStream answer)
    {
        answer.Place = new Place { IsTaken = true, Since = time.GetTimestamp(), Previous = last };
        _ = last is null ? first = answer : last.Place.Next = answer;
        last = answer;
    }

    private void Unlink(HttpResponseStream answer)
    {
        var (previous, next) = (answer.Place.Previous, answer.Place.Next);
        _ = previous is null ? first = next : previous.Place.Next = next;
        _ = next is null ? last = previous : next.Place.Previous = previous;
        answer.Place = default;
    }

    /// <summary>Where an answer stands in the list; part of the answer, so that standing there costs no object.</summary>
    internal struct Place
    {
        public bool IsTaken;
        public long Since;
        public HttpResponseStream? Previous;
        public HttpResponseStream? Next;
    }
}
