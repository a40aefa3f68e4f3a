namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Lets one at a time have an entry, of all threads of all processes that use a folder.</summary>
/// <remarks>
/// For each digit that a name may end with, a file is locked while somebody is at one of those. The system lets go of it when a process
/// ends, however it ends. The files stay: to remove one would let two in.
/// </remarks>
internal sealed class FolderTurns(EntryFolder folder) : IDisposable
{
    private const int Parts = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, Parts).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for its turn with a file, or with what is to take its place: both have the same name but for the end.</summary>
    /// <exception cref="IOException">Others have kept it for too long, or it cannot be locked; the message says which file.</exception>
    public async ValueTask<IDisposable> TakeAsync(string name, CancellationToken cancellationToken)
    {
        var part = Convert.ToInt32(name[(name.LastIndexOf('.') - 1)..][..1], Parts);
        await turns[part].WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return new Turn(turns[part], await LockAsync($"lock-{part:x}", cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            turns[part].Release();
            throw;
        }
    }

    /// <summary>Waits until nobody of this process has a turn any more.</summary>
    public void Dispose()
    {
        foreach (var turn in turns)
        {
            turn.Wait();
            turn.Release();
        }
    }

    private async Task<FileStream> LockAsync(string name, CancellationToken cancellationToken)
    {
        // Systems have no way to wait for a lock of a file that a wait could be cancelled in.
        for (var waited = TimeSpan.Zero; ; waited += BetweenTries)
        {
            try
            {
                return folder.OpenAlone(name);
            }
            catch (IOException fault) when (fault is not DirectoryNotFoundException && waited < Patience)
            {
                await Task.Delay(BetweenTries, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"'{Path.Combine(folder.FullName, name)}' could not be locked: {fault.Message}", fault);
            }
        }
    }

    private sealed class Turn(SemaphoreSlim turn, FileStream claim) : IDisposable
    {
        public void Dispose()
        {
            claim.Dispose();
            turn.Release();
        }
    }
}
