using System.Text.Json;

namespace OnlyMcp.Protocol.Schema;

// What an object is stands in a member that may be anywhere in it: a copy of the reader looks ahead.
internal static class LookAhead
{
    /// <summary>Goes on from the start of an object to the value of the member, if there is one.</summary>
    public static bool TryFind(ref Utf8JsonReader ahead, ReadOnlySpan<byte> member)
    {
        if (ahead.TokenType != JsonTokenType.StartObject) return false;

        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            bool found = ahead.ValueTextEquals(member);
            ahead.Read();
            if (found) return true;
            ahead.Skip();
        }

        return false;
    }

    /// <summary>The object has the member.</summary>
    public static bool Has(Utf8JsonReader ahead, ReadOnlySpan<byte> member) => TryFind(ref ahead, member);

    /// <summary>The member <c>type</c> of an object that cannot do without.</summary>
    /// <exception cref="JsonException">It is no object, or has no <c>type</c> that is a string; <paramref name="what"/> names it.</exception>
    public static string Type(Utf8JsonReader ahead, string what)
    {
        if (ahead.TokenType != JsonTokenType.StartObject) throw new JsonException($"{what} is an object.");
        if (TryFind(ref ahead, "type"u8) && ahead.TokenType == JsonTokenType.String) return ahead.GetString()!;
        throw new JsonException($"{what} needs a member 'type' that is a string.");
    }
}
