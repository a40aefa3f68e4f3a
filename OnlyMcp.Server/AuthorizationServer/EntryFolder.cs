using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Server.Files;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>The files of a <see cref="FileAuthorizationStore"/>: one an entry, named after its kind and a digest of its key.</summary>
/// <remarks>Keys may be whatever a stranger chose, or tell something; a digest is neither a path nor worth reading.</remarks>
internal sealed class EntryFolder(string path, ILogger logger)
{
    private const string Record = ".json";
    private const int DigestLength = 64;

    private readonly OwnersFolder folder = new(path, "an authorization server", logger);

    /// <summary>The folder's place.</summary>
    public string FullName => folder.FullName;

    /// <summary>The name of an entry's file.</summary>
    public static string NameOf(string kind, string key) =>
        $"{kind}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}{Record}";

    /// <summary>Opens a file that stands for a part of the folder, for nobody else.</summary>
    public FileStream OpenAlone(string name) => folder.OpenAlone(name);

    /// <summary>The names of the entries' files and the kinds of those, and how long they are; what is none is left alone.</summary>
    public IEnumerable<(string Name, string Kind, int Size)> Entries() =>
        from file in folder.Files()
        let kind = KindOf(file.Name, Record)
        where kind is not null
        select (file.Name, kind, (int)Math.Min(file.Length, int.MaxValue));

    /// <summary>How long an entry's file is; 0 if there is none.</summary>
    public int SizeOf(string name) =>
        new FileInfo(folder.PathOf(name)) is { Exists: true } file ? (int)Math.Min(file.Length, int.MaxValue) : 0;

    /// <summary>The names of what a process that was killed had not written to its end.</summary>
    public IEnumerable<string> Unfinished() =>
        folder.Files().Select(file => file.Name).Where(name => KindOf(name, OwnersFolder.Unfinished) is not null);

    /// <summary>Reads an entry; null if there is none.</summary>
    /// <exception cref="IOException">It cannot be read, or is no entry of that name; the message says which file.</exception>
    public StoredEntry? Find(string name, int maxBytes)
    {
        var path = folder.PathOf(name);
        try
        {
            if (new FileInfo(path) is { Exists: true } file && file.Length > maxBytes)
                throw new JsonException($"it has more than {maxBytes} bytes");

            var entry = StoredEntryJson.Read(File.ReadAllBytes(path));
            return NameOf(entry.Kind, entry.Key) == name ? entry : throw new JsonException("it is the entry of another name");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new IOException(
                $"'{path}' cannot be read: {fault.Message} It is left where it is: put back a copy that is whole, or remove it.", fault);
        }
    }

    /// <summary>Puts an entry into its file; on disk when it returns.</summary>
    public void Write(string name, byte[] json) => folder.Write(name, json);

    /// <summary>Removes an entry's file; gone from the disk when it returns.</summary>
    public void Delete(string name) => folder.Delete(name);

    /// <summary>Removes a file that is of no use any more.</summary>
    public void TryDelete(string name) => folder.TryDelete(name);

    private static string? KindOf(string file, string extension)
    {
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        var isOurs = dot > 0 && file.Length == dot + 1 + DigestLength + extension.Length
            && file.EndsWith(extension, StringComparison.Ordinal)
            && file.Skip(dot + 1).Take(DigestLength).All(char.IsAsciiHexDigitLower) && StoredEntryJson.IsKind(file[..dot]);
        return isOurs ? file[..dot] : null;
    }
}
