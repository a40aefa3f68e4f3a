using System.Text.Json;

namespace OnlyMcp.Client.Authorization;

/// <summary>The files of a <see cref="FileTokenStore"/>, which several processes of one user share, and on Unix no other user.</summary>
/// <remarks>
/// Whoever changes the folder takes its turn, for as long as that takes; reading needs none, because a file is written beside the one that
/// it replaces and then takes its place. The system ends the turn of a process with the process.
/// </remarks>
internal sealed class TokenFolder(string path, int maxEntries, TimeSpan patience, TimeProvider time)
{
    /// <summary>How large a file may be.</summary>
    public const int MaxBytes = 256 * 1024;

    private const string Unfinished = ".tmp";
    private const string Lock = ".lock";
    private const string TurnFile = "folder" + Lock;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo folder = new(path);

    /// <summary>Where it is.</summary>
    public string FullName => folder.FullName;

    /// <summary>Where a file of it is.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Whether there is such a file.</summary>
    public bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>The names that begin so, of files that were written to their end.</summary>
    public IReadOnlyList<string> NamesOf(string prefix) => Directory.Exists(folder.FullName)
        ? [.. folder.EnumerateFiles(prefix + "*" + TokenFileName.Extension).Select(file => file.Name)]
        : [];

    /// <summary>What is in a file; null if there is none.</summary>
    /// <exception cref="IOException">It cannot be read, or others can read it; the message says what to do.</exception>
    /// <exception cref="JsonException">It is too large.</exception>
    public byte[]? Read(string name)
    {
        var file = new FileInfo(PathOf(name));
        if (!Directory.Exists(folder.FullName) || (!file.Exists && file.LinkTarget is null))
            return null;

        CheckFolder();
        if (file.LinkTarget is not null)
            throw new IOException($"'{file.FullName}' is a link to another place, and is not read. Remove it, and sign in again.");

        try
        {
            // Somebody may put another in its place meanwhile, or remove it: Windows asks whether that is all right.
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            CheckFile(stream);
            return stream.Length <= MaxBytes ? ReadAll(stream) : throw new JsonException("It is too large for tokens.");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException fault)
        {
            throw NotUsable(fault);
        }
    }

    /// <summary>Puts a file into the place of the one before it, if there is one; on disk when it returns. Only in one's turn.</summary>
    /// <exception cref="IOException">It could not; the file before it is still there.</exception>
    public void Write(string name, byte[] bytes)
    {
        var path = PathOf(name);
        var unfinished = path + Unfinished;
        try
        {
            MakeRoom(name);
            File.Delete(unfinished);
            using (var file = new FileStream(unfinished, Options(FileMode.CreateNew)))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            Replace(path, unfinished);
            FlushNames();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The tokens could not be written to '{path}': {fault.Message}", fault);
        }
    }

    /// <summary>Removes a file, if there is one; gone from the disk when it returns. Only in one's turn.</summary>
    /// <exception cref="IOException">It could not, and is still there.</exception>
    public void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
            FlushNames();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw NotUsable(fault);
        }
    }

    /// <summary>Waits for one's turn to change the folder, and makes it if there is none.</summary>
    /// <exception cref="IOException">The folder cannot be used; the message says what to do.</exception>
    /// <exception cref="TimeoutException">Another process has had its turn for too long.</exception>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        Make();
        var turn = await WaitAsync(() => Task.FromResult(TryOpen(TurnFile)), TurnFile, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var file in folder.EnumerateFiles("*" + Unfinished))
                file.Delete(); // Of a process that was killed in its turn, or a write that failed.
            return turn;
        }
        catch (Exception fault)
        {
            await turn.DisposeAsync().ConfigureAwait(false);
            if (fault is UnauthorizedAccessException refused)
                throw NotUsable(refused);
            throw;
        }
    }

    /// <summary>Waits until nobody else has a file locked, and locks it.</summary>
    /// <exception cref="IOException">The folder cannot be used; the message says what to do.</exception>
    /// <exception cref="TimeoutException">Somebody has had it locked for too long.</exception>
    public async ValueTask<IAsyncDisposable> LockAsync(string name, CancellationToken cancellationToken) =>
        await WaitAsync(() => TryLockAsync(name + Lock, cancellationToken), name, cancellationToken).ConfigureAwait(false);

    /// <summary>Opened in one's turn alone, so that a lock which nobody has can be removed in one's turn, too.</summary>
    private async Task<FileStream?> TryLockAsync(string name, CancellationToken cancellationToken)
    {
        using var turn = await TakeAsync(cancellationToken).ConfigureAwait(false);
        if (folder.EnumerateFiles("*" + Lock).Count() > maxEntries)
            RemoveLocks();
        return TryOpen(name);
    }

    private async Task<FileStream> WaitAsync(Func<Task<FileStream?>> tryOpen, string name, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await tryOpen().ConfigureAwait(false) is { } opened)
                return opened;
            if (time.GetElapsedTime(start) >= patience)
            {
                throw new TimeoutException(
                    $"Somebody else has had '{PathOf(name)}' locked for {patience.TotalSeconds:0} seconds: another process that uses these "
                    + "tokens hangs, or takes long to renew them. End it, or try again.");
            }

            await Task.Delay(BetweenTries, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens a file for nobody else, until it is closed or the process ends, however it ends; null if somebody has it.</summary>
    private FileStream? TryOpen(string name)
    {
        try
        {
            return new FileStream(PathOf(name), Options(FileMode.OpenOrCreate));
        }
        catch (IOException fault) when (MeansInUse(fault))
        {
            return null;
        }
        catch (UnauthorizedAccessException fault)
        {
            throw NotUsable(fault);
        }
    }

    /// <summary>Windows: sharing or lock violation. Linux, macOS and FreeBSD: the numbers of EWOULDBLOCK.</summary>
    private static bool MeansInUse(IOException fault) => fault.GetType() == typeof(IOException)
        && (fault.HResult & 0xFFFF) is var code && (OperatingSystem.IsWindows() ? code is 32 or 33 : code is 11 or 35);

    private void RemoveLocks()
    {
        foreach (var file in folder.EnumerateFiles("*" + Lock).Where(file => file.Name != TurnFile))
        {
            using (var free = TryOpen(file.Name))
            {
                if (free is null)
                    continue;
            }

            file.Delete();
        }
    }

    /// <summary>What was saved first goes, so that as many are left as are kept.</summary>
    private void MakeRoom(string name)
    {
        var kind = TokenFileName.IsRegistration(name) ? TokenFileName.Registrations : TokenFileName.Tokens;
        var others = folder.EnumerateFiles(kind + "*" + TokenFileName.Extension).Where(file => file.Name != name).ToList();
        foreach (var file in others.OrderBy(file => file.LastWriteTimeUtc).Take(others.Count + 1 - maxEntries))
            file.Delete();
    }

    private void Make()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                folder.Create();
                return;
            }

            Directory.CreateDirectory(folder.FullName, OwnersFolder);
            if (folder.LinkTarget is null && !folder.EnumerateFileSystemInfos().Any())
                folder.UnixFileMode = OwnersFolder;
            CheckFolder();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw NotUsable(fault);
        }
    }

    private void CheckFolder()
    {
        var now = new DirectoryInfo(folder.FullName);
        if (now.LinkTarget is not null)
            throw new IOException($"The folder of tokens '{now.FullName}' is a link to another place. Name the folder itself.");
        if (!OperatingSystem.IsWindows() && (now.UnixFileMode & ~OwnersFolder) != 0)
        {
            throw new IOException(
                $"Others than its owner can look into the folder of tokens '{now.FullName}': chmod 700 '{now.FullName}', and sign in again "
                + "if somebody may have.");
        }
    }

    private static void CheckFile(FileStream file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & ~OwnersFile) != 0)
        {
            throw new IOException(
                $"Others than its owner can use the tokens in '{file.Name}': chmod 600 '{file.Name}', or remove it and sign in again.");
        }
    }

    private static byte[] ReadAll(FileStream stream)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Windows refuses for as long as somebody reads the one before it, which is a moment.</summary>
    private static void Replace(string path, string unfinished)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                File.Move(unfinished, path, overwrite: true);
                return;
            }
            catch (Exception fault) when (OperatingSystem.IsWindows() && tries < 100 && fault is (IOException or UnauthorizedAccessException))
            {
                Thread.Sleep(BetweenTries);
            }
        }
    }

    private void FlushNames()
    {
        if (!OperatingSystem.IsWindows())
            UnixFolder.Flush(folder.FullName);
    }

    private IOException NotUsable(UnauthorizedAccessException fault) =>
        new($"The folder of tokens '{folder.FullName}' cannot be used: {fault.Message} It has to belong to this user.", fault);

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersFile;
        return options;
    }
}
