namespace PersonalDb.Store;

/// <summary>All that is kept, in memory, and in a journal on disk. One change at a time; readers wait for nobody.</summary>
internal sealed class Database : IDisposable
{
    private const long Slack = 1 << 20;

    private readonly SemaphoreSlim turn = new(1);
    private readonly Folder folder;
    private readonly Journal journal;
    private State now = State.Empty;
    private long compactAt;

    /// <exception cref="IOException">The folder or the journal in it cannot be used; the message says why.</exception>
    public Database(string path)
    {
        folder = new Folder(path);
        try
        {
            journal = Journal.Open(folder.PathOf("journal.jsonl"), Apply);
            IsNew = journal.Length == 0;
            Compact();
        }
        catch
        {
            journal?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether nothing was kept here before.</summary>
    public bool IsNew { get; }

    /// <summary>What is kept at this moment.</summary>
    public State Now => Volatile.Read(ref now);

    /// <summary>Decides on the state as it is what to change, and keeps that: all of it or, if this throws, nothing.</summary>
    /// <param name="decide">Adds the records of its change to the list.</param>
    /// <param name="cancellationToken">Ends the waiting for other changes. A change that was begun is made.</param>
    /// <exception cref="RefusedException">The disk did not take it; or what <paramref name="decide"/> throws.</exception>
    public async Task<T> ChangeAsync<T>(Func<State, List<Record>, T> decide, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            List<Record> change = [];
            var result = decide(now, change);
            if (change.Count > 0)
                Keep(change);
            return result;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        turn.Wait();
        journal.Dispose();
        folder.Dispose();
    }

    private void Keep(List<Record> change)
    {
        try
        {
            journal.Append(change);
        }
        catch (Exception fault)
        {
            // Whatever it was: what is not on disk is not acknowledged.
            Console.Error.WriteLine($"A change could not be kept: {fault.Message}");
            throw new RefusedException(Refusal.Full, "This could not be kept; whoever runs the server can read why");
        }

        Apply(change);
        if (journal.Length > compactAt)
            CompactIfPossible();
    }

    private void Apply(IReadOnlyList<Record> change) =>
        Volatile.Write(ref now, change.Aggregate(now, (state, record) => state.With(record)));

    private void CompactIfPossible()
    {
        try
        {
            Compact();
        }
        catch (IOException fault)
        {
            // The change itself is kept; only the journal is longer than it need be.
            compactAt = 2 * journal.Length;
            Console.Error.WriteLine($"The journal could not be made shorter: {fault.Message}");
        }
    }

    /// <summary>Leaves out what later records have replaced.</summary>
    private void Compact()
    {
        journal.Replace(now.Records(DateTimeOffset.UtcNow));
        compactAt = 2 * journal.Length + Slack;
    }
}
