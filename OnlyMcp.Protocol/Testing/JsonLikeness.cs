using System.Text.Json;

namespace OnlyMcp.Protocol.Testing;

/// <summary>Compares what was expected with what came.</summary>
internal static class JsonLikeness
{
    private const string Anything = "...";

    /// <summary>Whether they are equal, apart from the order of members; <c>"..."</c> in the expected one stands for any value.</summary>
    public static bool Is(JsonElement expected, JsonElement received)
    {
        if (expected.ValueKind == JsonValueKind.String && expected.ValueEquals(Anything))
            return true;
        if (expected.ValueKind != received.ValueKind)
            return false;

        return expected.ValueKind switch
        {
            JsonValueKind.Object => expected.GetPropertyCount() == received.GetPropertyCount()
                && expected.EnumerateObject().All(member => received.TryGetProperty(member.Name, out var other) && Is(member.Value, other)),
            JsonValueKind.Array => expected.GetArrayLength() == received.GetArrayLength()
                && expected.EnumerateArray().Zip(received.EnumerateArray()).All(pair => Is(pair.First, pair.Second)),
            _ => JsonElement.DeepEquals(expected, received),
        };
    }
}
