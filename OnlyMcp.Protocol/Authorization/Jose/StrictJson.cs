using System.Text.Json;
using System.Text.Unicode;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>Reads what is signed, or decides what is: no two readers may understand it differently.</summary>
internal static class StrictJson
{
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <param name="utf8">The whole document.</param>
    /// <param name="what">What it is, for the words of the exception.</param>
    /// <exception cref="FormatException">It is no JSON object, holds a name twice, is nested too deeply or is not Unicode.</exception>
    public static JsonElement ParseObject(ReadOnlySpan<byte> utf8, string what)
    {
        try
        {
            RefuseBrokenText(utf8);
            var root = JsonElement.Parse(utf8, Options);
            return root.ValueKind == JsonValueKind.Object ? root : throw new FormatException($"{what} is no JSON object.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not with the exception inside: it quotes what it could not read.
            throw new FormatException(
                $"{what} cannot be read: it is JSON in UTF-8, up to {MaxDepth} levels deep, in which no object has a name twice.");
        }
    }

    /// <summary>The text of a member; null if it is not there.</summary>
    /// <exception cref="FormatException">It is there and no text, or too long.</exception>
    public static string? Text(this JsonElement parent, string name, int maxLength = 4096)
    {
        if (!parent.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } text || text.Length > maxLength)
            throw new FormatException($"'{name}' is a text of up to {maxLength} letters.");
        return text;
    }

    /// <summary>The texts of a member that is an array, or one text where <paramref name="mayBeOne"/>; null if it is not there.</summary>
    /// <exception cref="FormatException">It is there and is something else.</exception>
    public static IReadOnlyList<string>? Texts(this JsonElement parent, string name, bool mayBeOne = false)
    {
        if (!parent.TryGetProperty(name, out var value))
            return null;
        if (mayBeOne && value.ValueKind == JsonValueKind.String)
            return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            throw new FormatException($"'{name}' is {(mayBeOne ? "a text or " : "")}an array of texts.");
        return [.. value.EnumerateArray().Select(item => item.GetString()!)];
    }

    // The parser takes text that is none and throws when somebody asks for it, long after.
    private static void RefuseBrokenText(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            throw new JsonException();

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                reader.GetString();
        }
    }
}
