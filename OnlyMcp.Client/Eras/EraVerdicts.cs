using System.Collections.Concurrent;

namespace OnlyMcp.Client.Eras;

/// <summary>Remembers how each server wants to be addressed, so that the next client need not find out again.</summary>
/// <remarks>
/// An entry is dropped when the server contradicts it. To keep verdicts across restarts of a program, implement this over a file.
/// Spec: 2026-07-28 basic/versioning §Backward Compatibility with Initialization-Based Versions
/// </remarks>
public interface IEraVerdicts
{
    /// <summary>How the server behind this key (an address, or a command line) was addressed last; null if it is unknown.</summary>
    Approach? Find(string key);

    /// <summary>Notes how the server is addressed.</summary>
    void Remember(string key, Approach approach);

    /// <summary>Drops what was noted.</summary>
    void Forget(string key);
}

/// <summary>Verdicts in memory, of the last thousand servers or so.</summary>
public sealed class EraVerdicts : IEraVerdicts
{
    private const int Capacity = 1_000;

    private readonly ConcurrentDictionary<string, Approach> verdicts = new(StringComparer.Ordinal);

    /// <summary>Those that all clients of this process share unless told otherwise.</summary>
    public static EraVerdicts OfThisProcess { get; } = new();

    /// <inheritdoc/>
    public Approach? Find(string key) => verdicts.TryGetValue(key, out var approach) ? approach : null;

    /// <inheritdoc/>
    public void Remember(string key, Approach approach)
    {
        if (verdicts.Count >= Capacity)
            verdicts.Clear();

        verdicts[key] = approach;
    }

    /// <inheritdoc/>
    public void Forget(string key) => verdicts.TryRemove(key, out _);
}
