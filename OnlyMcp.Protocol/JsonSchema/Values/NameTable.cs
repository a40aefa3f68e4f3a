using System.Text;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Something for each of a few names, found by the bytes of a name in a document.</summary>
internal sealed class NameTable<T>
{
    private readonly Dictionary<byte[], T> entries;
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> byBytes;

    public NameTable(IEnumerable<KeyValuePair<string, T>> entries)
    {
        Names = [.. entries.Select(entry => entry.Key)];
        this.entries = new Dictionary<byte[], T>(Utf8Comparer.Instance);
        foreach (var (name, value) in entries)
            this.entries[Encoding.UTF8.GetBytes(name)] = value;
        byBytes = this.entries.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public IReadOnlyList<string> Names { get; }

    public int Count => entries.Count;

    public bool TryFind(ReadOnlySpan<byte> name, out T? value) => byBytes.TryGetValue(name, out value);
}
