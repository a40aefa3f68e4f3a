using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>When two JSON values are the same: numbers by value, objects whatever the order of their members.</summary>
/// <remarks>JSON Schema 2020-12 Core §4.2.2. What is looked at is charged to the evaluation, which bounds depth too.</remarks>
internal static class JsonEquality
{
    public static bool AreEqual(JsonElement left, JsonElement right, ref Evaluation evaluation)
    {
        if (left.ValueKind != right.ValueKind)
            return false;
        return left.ValueKind switch
        {
            JsonValueKind.String => JsonText.Utf8(left).SequenceEqual(JsonText.Utf8(right)),
            JsonValueKind.Number => ExactNumber.Of(left).CompareTo(ExactNumber.Of(right)) == 0,
            JsonValueKind.Array => left.GetArrayLength() == right.GetArrayLength() && AreNested(left, right, ref evaluation),
            JsonValueKind.Object => AreNested(left, right, ref evaluation),
            _ => true,
        };
    }

    private static bool AreNested(JsonElement left, JsonElement right, ref Evaluation evaluation)
    {
        if (!evaluation.Descend())
            return false;
        var equal = left.ValueKind == JsonValueKind.Array
            ? HaveEqualItems(left, right, ref evaluation)
            : HaveEqualMembers(left, right, ref evaluation);
        evaluation.Ascend();
        return equal;
    }

    private static bool HaveEqualItems(JsonElement left, JsonElement right, ref Evaluation evaluation)
    {
        var others = right.EnumerateArray();
        foreach (var item in left.EnumerateArray())
        {
            if (!evaluation.Charge() || !others.MoveNext() || !AreEqual(item, others.Current, ref evaluation))
                return false;
        }

        return true;
    }

    private static bool HaveEqualMembers(JsonElement left, JsonElement right, ref Evaluation evaluation)
    {
        var others = JsonMembers.ByName(right);
        var members = JsonMembers.ByName(left);
        if (members.Count != others.Count)
            return false;
        foreach (var (name, value) in members)
        {
            if (!evaluation.Charge() || !others.TryGetValue(name, out var other) || !AreEqual(value, other, ref evaluation))
                return false;
        }

        return true;
    }
}
