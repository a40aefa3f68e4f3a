using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>A number that equal JSON values share: duplicates of a long array are found without comparing all pairs.</summary>
/// <remarks>HashCode starts from a random seed in every process: nobody outside can prepare values that collide.</remarks>
internal static class JsonHash
{
    public static int Of(JsonElement value, ref Evaluation evaluation)
    {
        var hash = new HashCode();
        hash.Add(value.ValueKind);
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                hash.AddBytes(JsonText.Utf8(value));
                break;
            case JsonValueKind.Number:
                ExactNumber.Of(value).AddTo(ref hash);
                break;
            case JsonValueKind.Array or JsonValueKind.Object when evaluation.Descend():
                hash.Add(value.ValueKind == JsonValueKind.Array ? OfItems(value, ref evaluation) : OfMembers(value, ref evaluation));
                evaluation.Ascend();
                break;
        }

        return hash.ToHashCode();
    }

    private static int OfItems(JsonElement array, ref Evaluation evaluation)
    {
        var hash = new HashCode();
        foreach (var item in array.EnumerateArray())
        {
            if (!evaluation.Charge())
                break;
            hash.Add(Of(item, ref evaluation));
        }

        return hash.ToHashCode();
    }

    private static int OfMembers(JsonElement instance, ref Evaluation evaluation)
    {
        // A sum, because members come in any order.
        var sum = 0;
        foreach (var (name, value) in JsonMembers.ByName(instance))
        {
            if (!evaluation.Charge())
                break;
            sum += HashCode.Combine(Utf8Comparer.Instance.GetHashCode(name), Of(value, ref evaluation));
        }

        return sum;
    }
}
