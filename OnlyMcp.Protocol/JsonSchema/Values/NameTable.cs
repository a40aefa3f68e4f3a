using System.Text;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Something for each of a few names, found by the bytes of a name in a document.</summary>
internal sealed class NameTable<T>
{
    // Up to here, comparing with one name after the other is quicker than computing a hash.
    private const int FewNames = 8;

    private readonly byte[][] keys;
    private readonly T[] values;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> positions;

    public NameTable(IEnumerable<KeyValuePair<string, T>> entries)
    {
        var pairs = entries.ToList();
        Names = [.. pairs.Select(entry => entry.Key)];
        keys = [.. Names.Select(Encoding.UTF8.GetBytes)];
        values = [.. pairs.Select(entry => entry.Value)];
        var byKey = new Dictionary<byte[], int>(Utf8Comparer.Instance);
        for (var position = 0; position < keys.Length; position++)
            byKey[keys[position]] = position;
        positions = byKey.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public IReadOnlyList<string> Names { get; }

    public T this[int position] => values[position];

    /// <summary>The position of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (keys.Length > FewNames)
            return positions.TryGetValue(name, out var found) ? found : -1;
        for (var position = 0; position < keys.Length; position++)
        {
            if (name.SequenceEqual(keys[position]))
                return position;
        }

        return -1;
    }
}
