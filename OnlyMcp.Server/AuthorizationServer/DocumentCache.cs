namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>What was fetched about clients, or why it was not, for as long as that holds. Who ask for the same share one fetch.</summary>
internal sealed class DocumentCache(TimeProvider time)
{
    private const int MostEntries = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <exception cref="OAuthException">It could not be fetched, now or shortly before.</exception>
    public async Task<RegisteredClient?> GetAsync(
        string address, Func<Task<(RegisteredClient? Client, OAuthException? Fault, TimeSpan FreshFor)>> fetch)
    {
        var (client, fault, _) = await Find(address, fetch).Fetched.ConfigureAwait(false);
        return fault is null ? client : throw new OAuthException(fault.Error, fault.Message, fault.Status);
    }

    private Entry Find(string address, Func<Task<(RegisteredClient? Client, OAuthException? Fault, TimeSpan FreshFor)>> fetch)
    {
        lock (gate)
        {
            if (entries.TryGetValue(address, out var known) && !IsOver(known))
                return known;

            if (entries.Count >= MostEntries)
                MakeRoom();

            // On a thread of the pool: nothing of the fetch is done within the lock.
            return entries[address] = new(Task.Run(fetch), time.GetTimestamp());
        }
    }

    private bool IsOver(Entry entry) =>
        entry.Fetched is { IsCompleted: true } fetched
        && (!fetched.IsCompletedSuccessfully || time.GetElapsedTime(entry.Started) >= fetched.Result.FreshFor);

    /// <summary>Forgets what is over, or else what came first.</summary>
    private void MakeRoom()
    {
        var over = entries.Where(entry => IsOver(entry.Value)).Select(entry => entry.Key).ToArray();
        foreach (var address in over.Length > 0 ? over : [entries.MinBy(entry => entry.Value.Started).Key])
            entries.Remove(address);
    }

    private sealed record Entry(Task<(RegisteredClient? Client, OAuthException? Fault, TimeSpan FreshFor)> Fetched, long Started);
}
