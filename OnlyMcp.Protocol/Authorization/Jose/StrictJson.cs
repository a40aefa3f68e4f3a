using System.Text.Json;
using System.Text.Unicode;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>Reads JSON on which it depends who may do what: such as no two readers understand differently.</summary>
public static class StrictJson
{
    /// <summary>How many levels deep a document may be; 32.</summary>
    public const int MaxDepth = 32;

    // The year 9999.
    private const double LastSecond = 253_402_300_799;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>Reads a document that is one object.</summary>
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
    /// <param name="parent">The object.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="maxLength">How long it may be, in characters; 4,096 by default.</param>
    /// <exception cref="FormatException">It is there and no text, or too long.</exception>
    public static string? Text(this JsonElement parent, string name, int maxLength = 4096)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!parent.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } text || text.Length > maxLength)
            throw new FormatException($"'{name}' is a text of up to {maxLength} letters.");
        return text;
    }

    /// <summary>The texts of a member that is an array; null if it is not there.</summary>
    /// <param name="parent">The object.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="mayBeOne">Whether it may be a text instead, which counts as an array of one.</param>
    /// <exception cref="FormatException">It is there and is something else.</exception>
    public static IReadOnlyList<string>? Texts(this JsonElement parent, string name, bool mayBeOne = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!parent.TryGetProperty(name, out var value))
            return null;
        if (mayBeOne && value.ValueKind == JsonValueKind.String)
            return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            throw new FormatException($"'{name}' is {(mayBeOne ? "a text or " : "")}an array of texts.");
        return [.. value.EnumerateArray().Select(item => item.GetString()!)];
    }

    /// <summary>The point in time of a member that counts seconds since 1970; null if it is not there.</summary>
    /// <exception cref="FormatException">It is there and no such number, or beyond the year 9999.</exception>
    public static DateTimeOffset? Time(this JsonElement parent, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!parent.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= LastSecond and var seconds
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : throw new FormatException($"'{name}' is a point in time in seconds since 1970.");
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
