using System.Text.Json;

namespace PersonalDb.Store;

/// <summary>A file to which each change is appended as one line of JSON: the records that it makes, all of them or none.</summary>
/// <remarks>
/// A line is on disk before anybody is told that its change was made. Whenever the process or the machine dies, at most the last line is
/// torn, and nobody was told of it: it is cut off when the file is opened again.
/// </remarks>
internal sealed class Journal : IDisposable
{
    private const byte LineEnd = (byte)'\n';

    private readonly string path;
    private FileStream file;
    private bool isTorn;
    private bool isLost;

    private Journal(string path)
    {
        this.path = path;
        file = OpenFile(path);
    }

    /// <summary>How long the file is, up to its last whole line.</summary>
    public long Length { get; private set; }

    /// <summary>Opens a journal, and hands over each change that it holds, the oldest first.</summary>
    /// <exception cref="IOException">It cannot be read, or somebody else has spoilt it; the message says where.</exception>
    public static Journal Open(string path, Action<IReadOnlyList<Record>> replay)
    {
        var journal = new Journal(path);
        try
        {
            journal.Replay(replay);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Appends a change; it is on disk when this returns.</summary>
    /// <exception cref="IOException">It could not be kept, and will not be there when the journal is opened again.</exception>
    public void Append(IReadOnlyList<Record> change)
    {
        if (isLost)
            throw new IOException($"'{path}' was being replaced when the disk failed: start the program again.");
        if (isTorn)
            CutBack();

        var line = LineOf(change);
        isTorn = true;
        file.Position = Length;
        file.Write(line);
        file.Flush(flushToDisk: true);
        isTorn = false;
        Length += line.Length;
    }

    /// <summary>Puts a journal that holds just these records into the place of this one.</summary>
    /// <exception cref="IOException">It could not; this one goes on.</exception>
    public void Replace(IEnumerable<Record> records)
    {
        var next = path + ".new";
        var length = WriteAll(next, records);

        // What is appended to a file whose name may yet be taken back by a power cut would be lost with it.
        isLost = true;
        file.Dispose(); // Windows does not replace a file that is open.
        try
        {
            File.Move(next, path, overwrite: true);
        }
        catch (IOException)
        {
            file = OpenFile(path);
            isLost = false;
            throw;
        }

        file = OpenFile(path);
        Folder.Flush(Path.GetDirectoryName(path)!);
        isLost = false;
        Length = length;
    }

    public void Dispose() => file.Dispose();

    private void Replay(Action<IReadOnlyList<Record>> replay)
    {
        var (number, torn) = (0, false);
        foreach (var line in LinesOf(file))
        {
            number++;
            if (torn)
                throw new IOException($"Line {number - 1} of '{path}' cannot be read, and others follow it: it was not torn, but spoilt.");
            if (TryRead(line.Span) is { } change)
            {
                replay(change);
                Length += line.Length;
            }
            else
            {
                torn = true;
            }
        }

        if (Length < file.Length)
            CutBack();
    }

    /// <summary>Takes away what follows the last whole line.</summary>
    private void CutBack()
    {
        file.SetLength(Length);
        file.Flush(flushToDisk: true);
        isTorn = false;
    }

    /// <summary>The lines, each with its end; the last one may have none.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> LinesOf(FileStream file)
    {
        var buffer = new byte[1 << 20];
        var filled = 0;
        for (int count; (count = file.Read(buffer, filled, buffer.Length - filled)) > 0;)
        {
            filled += count;
            var start = 0;
            for (int length; (length = buffer.AsSpan(start, filled - start).IndexOf(LineEnd) + 1) > 0; start += length)
                yield return buffer.AsMemory(start, length);

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * filled);
        }

        if (filled > 0)
            yield return buffer.AsMemory(0, filled);
    }

    private static Record[]? TryRead(ReadOnlySpan<byte> line)
    {
        if (!line.EndsWith([LineEnd]))
            return null;

        try
        {
            return JsonSerializer.Deserialize<Record[]>(line, Json.Options);
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            return null; // The caller says what that means.
        }
    }

    private static byte[] LineOf(IReadOnlyList<Record> change) => [.. Json.Bytes(change), LineEnd];

    private static long WriteAll(string path, IEnumerable<Record> records)
    {
        using var file = Folder.Open(path, FileMode.Create, bufferSize: 1 << 16);
        foreach (var record in records)
            file.Write(LineOf([record]));
        file.Flush(flushToDisk: true);
        return file.Length;
    }

    private static FileStream OpenFile(string path) => Folder.Open(path, FileMode.OpenOrCreate, bufferSize: 0);
}
