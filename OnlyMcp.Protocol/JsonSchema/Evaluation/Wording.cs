using System.Text;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>How values and names are told in an error: short, and never more than a line.</summary>
internal static class Wording
{
    private const int LongestValue = 60;
    private const int LongestPath = 300;
    private const int MostNames = 12;

    /// <summary>A value as its reader would name it: <c>"three"</c>, <c>17</c>, <c>an array of 3 items</c>.</summary>
    public static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when value.GetPropertyCount() == 0 => "an empty object",
        JsonValueKind.Object => $"an object with {Names(value.EnumerateObject().Select(JsonText.Read))}",
        JsonValueKind.Array => $"an array of {Count(value.GetArrayLength(), "item", "items")}",
        _ => Shorten(RawText(value)),
    };

    /// <summary>A value of the schema as JSON text: <c>"metric"</c>.</summary>
    public static string Json(JsonElement value) => Shorten(RawText(value));

    public static string Names(IEnumerable<string> names)
    {
        var some = names.Take(MostNames + 1).ToList();
        return some.Count <= MostNames
            ? string.Join(", ", some.Select(Quote))
            : string.Join(", ", some.Take(MostNames).Select(Quote)) + ", ...";
    }

    public static string Quote(string text)
        => $"\"{string.Concat(Shorten(text).Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()))}\"";

    public static string Count(long count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";

    public static string Either(IReadOnlyList<string> choices) => choices.Count switch
    {
        1 => choices[0],
        _ => $"{string.Join(", ", choices.SkipLast(1))} or {choices[^1]}",
    };

    /// <summary>A path, cut short if a stranger's names make it longer than anybody reads.</summary>
    public static string Path(string pointer) => pointer.Length == 0 ? "(root)" : Shorten(pointer, LongestPath);

    public static string Shorten(string text, int longest = LongestValue)
    {
        if (text.Length <= longest)
            return text;
        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return string.Concat(text.AsSpan(0, end), "...");
    }

    private static string RawText(JsonElement value)
    {
        // A string of megabytes is cut before it is copied.
        var raw = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value);
        return Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, LongestValue * 4)]);
    }
}
