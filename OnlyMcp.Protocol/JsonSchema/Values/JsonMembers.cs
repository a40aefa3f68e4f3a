using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The members of a JSON object, found by name.</summary>
internal static class JsonMembers
{
    /// <summary>All members. Of two with one name the last counts, as nearly every JSON reader has it.</summary>
    public static Dictionary<byte[], JsonElement> ByName(JsonElement instance)
    {
        var members = new Dictionary<byte[], JsonElement>(Utf8Comparer.Instance);
        foreach (var member in instance.EnumerateObject())
            members[JsonText.Utf8(member).ToArray()] = member.Value;
        return members;
    }

    /// <summary>Whether there is a member of that name. It walks the object, and every member is charged to the evaluation.</summary>
    public static bool Has(JsonElement instance, byte[] name, ref Evaluation evaluation)
    {
        foreach (var member in instance.EnumerateObject())
        {
            if (!evaluation.Charge())
                return false;
            if (JsonText.Utf8(member).SequenceEqual(name))
                return true;
        }

        return false;
    }
}
