namespace OnlyMcp.Client.Caching;

/// <summary>Keeps results in the memory of this process; what was not asked for longest goes first.</summary>
/// <param name="maxEntries">How many are kept; 1,000 by default.</param>
/// <param name="maxBytes">How many bytes they and their keys hold, about; 16 MiB by default. What is larger by itself is not kept.</param>
public sealed class InMemoryResultCache(int maxEntries = 1_000, long maxBytes = 16 * 1024 * 1024) : IResultCache
{
    private readonly Lock gate = new();
    private readonly Dictionary<ResultKey, LinkedListNode<Entry>> byKey = [];
    private readonly LinkedList<Entry> byUse = new();
    private long bytes;

    /// <summary>How many are kept.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return byKey.Count;
        }
    }

    /// <inheritdoc/>
    public ValueTask<KeptResult?> FindAsync(ResultKey key, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (!byKey.TryGetValue(key, out var node))
                return default;

            byUse.Remove(node);
            byUse.AddFirst(node);
            return new(node.Value.Result);
        }
    }

    /// <inheritdoc/>
    public ValueTask KeepAsync(ResultKey key, KeptResult result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(result);
        var entry = new Entry(key, result);
        lock (gate)
        {
            if (byKey.TryGetValue(key, out var before))
                Remove(before);
            if (entry.Bytes > maxBytes || maxEntries < 1)
                return default;

            byKey[key] = byUse.AddFirst(entry);
            bytes += entry.Bytes;
            while (byUse.Count > maxEntries || bytes > maxBytes)
                Remove(byUse.Last!);
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask ForgetAsync(string server, string method, string? uri, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            for (var node = byUse.First; node is not null;)
            {
                var (at, key) = (node, node.Value.Key);
                node = node.Next;
                if (key.Server == server && key.Method == method && (uri is null || key.Uri is null || AreOnOneWay(key.Uri, uri)))
                    Remove(at);
            }
        }

        return default;
    }

    private static bool AreOnOneWay(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);

    private void Remove(LinkedListNode<Entry> node)
    {
        byKey.Remove(node.Value.Key);
        byUse.Remove(node);
        bytes -= node.Value.Bytes;
    }

    private sealed record Entry(ResultKey Key, KeptResult Result)
    {
        /// <summary>A little more for what holds them together.</summary>
        public long Bytes { get; } =
            200 + Result.Json.Length + (2L * (Key.Server.Length + Key.Owner.Length + Key.Parameters.Length + (Key.Uri?.Length ?? 0)));
    }
}
