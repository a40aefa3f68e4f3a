namespace PersonalDb.Accounts;

/// <summary>Counts the wrong passwords for each name, and lets nobody guess on for ever.</summary>
internal sealed class FailedAttempts
{
    private const int MostInWindow = 10;
    private const int MostNames = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Count, DateTimeOffset Since)> byName = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="RefusedException">There were too many lately.</exception>
    public void Check(string name)
    {
        lock (gate)
        {
            if (byName.TryGetValue(name, out var failed) && failed.Count >= MostInWindow && !IsOver(failed.Since))
                throw new RefusedException(Refusal.TooOften, $"Too many wrong passwords: wait {Window.TotalMinutes:0} minutes");
        }
    }

    public void Add(string name)
    {
        lock (gate)
        {
            if (byName.Count >= MostNames)
                ForgetWhatIsOver();
            var failed = byName.GetValueOrDefault(name);
            byName[name] = failed.Count == 0 || IsOver(failed.Since) ? (1, DateTimeOffset.UtcNow) : (failed.Count + 1, failed.Since);
        }
    }

    private void ForgetWhatIsOver()
    {
        foreach (var (name, failed) in byName)
        {
            if (IsOver(failed.Since))
                byName.Remove(name);
        }

        // So many names within minutes are a flood; whoever makes it does not get to fill the memory.
        if (byName.Count >= MostNames)
            byName.Clear();
    }

    private static bool IsOver(DateTimeOffset since) => DateTimeOffset.UtcNow - since > Window;
}
