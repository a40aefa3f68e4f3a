using System.Collections.Concurrent;

namespace OnlyMcp.Server.RateLimits;

/// <summary>So many requests in so much time for each caller; who has been quiet for a while may send several at once.</summary>
/// <remarks>
/// A bucket is one number: the time at which it is full again. To take a token moves it on by the time that a token takes to come
/// back; where it would stand further ahead than a whole bucket takes, there is no token. A bucket that is full is forgotten, which
/// makes no difference. Callers beyond the greatest number of buckets share one.
/// </remarks>
public sealed class TokenBucketLimiter : IRateLimiter
{
    private const int FirstSweep = 64;

    private readonly ConcurrentDictionary<object, Bucket> buckets = new();
    private readonly Bucket shared = new();
    private readonly Lock sweeping = new();
    private readonly double secondsEach;
    private readonly int burst;
    private readonly int maxCallers;
    private int count;
    private int sweepAt = FirstSweep;

    /// <summary>Makes a limiter.</summary>
    /// <param name="requests">How many requests a caller may send in the time <paramref name="per"/>, again and again.</param>
    /// <param name="per">That time.</param>
    /// <param name="burst">How many of them at once; all of them if null.</param>
    /// <param name="maxCallers">How many callers are counted one by one; 10,000.</param>
    public TokenBucketLimiter(int requests, TimeSpan per, int? burst = null, int maxCallers = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requests);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(per, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst ?? 1, 1, nameof(burst));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCallers);
        secondsEach = per.TotalSeconds / requests;
        this.burst = burst ?? requests;
        this.maxCallers = maxCallers;
    }

    /// <summary>How many callers have a bucket of their own that was not full when last looked at.</summary>
    public int Callers => Volatile.Read(ref count);

    /// <inheritdoc/>
    public ValueTask<TimeSpan> TakeAsync(RequestContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(Take(context.Caller, context.Server.Options.TimeProvider));
    }

    internal TimeSpan Take(object caller, TimeProvider time)
    {
        var each = Math.Max(1, (long)(secondsEach * time.TimestampFrequency));
        var now = time.GetTimestamp();
        var missing = BucketOf(caller, now).Take(now, each, burst * (double)each);
        return TimeSpan.FromSeconds(missing / (double)time.TimestampFrequency);
    }

    private Bucket BucketOf(object caller, long now)
    {
        if (buckets.TryGetValue(caller, out var known))
            return known;

        if (Volatile.Read(ref count) >= Math.Min(sweepAt, maxCallers))
            Sweep(now);
        if (Volatile.Read(ref count) >= maxCallers)
            return shared;

        var bucket = new Bucket();
        if (!buckets.TryAdd(caller, bucket))
            return buckets.GetValueOrDefault(caller, bucket);

        Interlocked.Increment(ref count);
        return bucket;
    }

    private void Sweep(long now)
    {
        lock (sweeping)
        {
            foreach (var entry in buckets)
            {
                if (entry.Value.IsFull(now) && buckets.TryRemove(entry))
                    Interlocked.Decrement(ref count);
            }

            sweepAt = Math.Max(FirstSweep, 2 * count);
        }
    }

    private sealed class Bucket
    {
        private long fullAt = long.MinValue;

        public bool IsFull(long now) => Volatile.Read(ref fullAt) <= now;

        /// <summary>Takes a token: 0, or how long it takes until there is one.</summary>
        public double Take(long now, long each, double whole)
        {
            while (true)
            {
                var before = Volatile.Read(ref fullAt);
                var after = Math.Max(before, now) + each;
                if (after - now > whole)
                    return after - now - whole;
                if (Interlocked.CompareExchange(ref fullAt, after, before) == before)
                    return 0;
            }
        }
    }
}
