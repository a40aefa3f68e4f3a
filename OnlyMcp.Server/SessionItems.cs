using System.Collections.Concurrent;

namespace OnlyMcp.Server;

/// <summary>What handlers keep for one session: nothing as a rule, and then it takes no room.</summary>
internal sealed class SessionItems
{
    private ConcurrentDictionary<string, object?>? items;

    /// <summary>The items, whose table is made when somebody looks.</summary>
    public ConcurrentDictionary<string, object?> Items => LazyInitializer.EnsureInitialized(ref items, static () => new());
}
