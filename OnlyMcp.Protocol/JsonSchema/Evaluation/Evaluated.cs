namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Which members of an object, or items of an array, some keyword has evaluated, by their position.</summary>
/// <remarks>JSON Schema 2020-12 Core §11: unevaluatedProperties and unevaluatedItems apply to what is left.</remarks>
internal sealed class Evaluated
{
    private ulong[] bits = new ulong[1];
    private bool all;

    public void AddAll() => all = true;

    public void Add(int position)
    {
        if (position >> 6 >= bits.Length)
            Array.Resize(ref bits, Math.Max(bits.Length * 2, (position >> 6) + 1));
        bits[position >> 6] |= 1UL << (position & 63);
    }

    public void Add(Evaluated other)
    {
        all |= other.all;
        if (other.bits.Length > bits.Length)
            Array.Resize(ref bits, other.bits.Length);
        for (var i = 0; i < other.bits.Length; i++)
            bits[i] |= other.bits[i];
    }

    public bool Contains(int position)
        => all || (position >> 6 < bits.Length && (bits[position >> 6] & (1UL << (position & 63))) != 0);
}
