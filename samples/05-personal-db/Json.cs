using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PersonalDb;

/// <summary>How JSON is written here, and what is asked of the JSON of others.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Letters as letters, not as \u00e9.
        MaxDepth = 2 * Limits.Depth,
    };

    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static JsonElement Element<T>(T value) => JsonSerializer.SerializeToElement(value, Options);

    /// <summary>How many bytes a value takes as it was written.</summary>
    public static int SizeOf(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;

    /// <exception cref="RefusedException">The value is no object, or larger or deeper than what is kept.</exception>
    public static void Check(JsonElement value, string name, int maxBytes)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new RefusedException(Refusal.Invalid, $"'{name}' must be an object");
        if (SizeOf(value) > maxBytes)
            throw new RefusedException(Refusal.Invalid, $"'{name}' has more than {maxBytes} bytes");
        if (IsDeeperThan(Limits.Depth, value))
            throw new RefusedException(Refusal.Invalid, $"'{name}' has more than {Limits.Depth} levels of objects and arrays");
    }

    private static bool IsDeeperThan(int depth, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => depth == 0 || value.EnumerateObject().Any(member => IsDeeperThan(depth - 1, member.Value)),
        JsonValueKind.Array => depth == 0 || value.EnumerateArray().Any(item => IsDeeperThan(depth - 1, item)),
        _ => false,
    };
}
