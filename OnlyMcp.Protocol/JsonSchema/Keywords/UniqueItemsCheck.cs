using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The keyword "uniqueItems": JSON Schema 2020-12 Validation §6.4.3.</summary>
internal sealed class UniqueItemsCheck : ValueCheck
{
    private const int FewItems = 8;

    private UniqueItemsCheck(string path) : base(path)
    {
    }

    public override string Qualifier => "without duplicate items";

    public static UniqueItemsCheck? From(SchemaSource schema)
        => schema.TryFind("uniqueItems", out var keyword) && keyword.Flag() ? new UniqueItemsCheck(keyword.Path) : null;

    public override bool Accepts(JsonElement instance, ref Evaluation evaluation)
    {
        if (instance.ValueKind != JsonValueKind.Array || !evaluation.Descend())
            return instance.ValueKind != JsonValueKind.Array;
        var unique = instance.GetArrayLength() <= FewItems
            ? AreAllPairsDifferent(instance, ref evaluation)
            : AreDifferentByHash(instance, ref evaluation);
        evaluation.Ascend();
        return unique;
    }

    private static bool AreAllPairsDifferent(JsonElement array, ref Evaluation evaluation)
    {
        var items = array.EnumerateArray();
        while (items.MoveNext())
        {
            var later = items; // a copy of the enumerator goes on from here
            while (later.MoveNext())
            {
                if (!evaluation.Charge() || JsonEquality.AreEqual(items.Current, later.Current, ref evaluation))
                    return false;
            }
        }

        return true;
    }

    // Comparing all pairs of a long array would be quadratic. Sorted by hash, equal items stand in one run, and runs are short.
    private static bool AreDifferentByHash(JsonElement array, ref Evaluation evaluation)
    {
        var items = array.EnumerateArray().ToArray();
        var hashes = new int[items.Length];
        for (var i = 0; i < items.Length && evaluation.Charge(); i++)
            hashes[i] = JsonHash.Of(items[i], ref evaluation);
        if (evaluation.GaveUp)
            return false;
        Array.Sort(hashes, items);

        for (var i = 0; i < items.Length; i++)
        {
            for (var j = i + 1; j < items.Length && hashes[j] == hashes[i]; j++)
            {
                if (!evaluation.Charge() || JsonEquality.AreEqual(items[i], items[j], ref evaluation))
                    return false;
            }
        }

        return true;
    }
}
