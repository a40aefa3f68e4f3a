using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>The keys that an authorization server signs with, as it publishes them: its <c>jwks_uri</c>.</summary>
/// <remarks>RFC 7517 §5: a key that is not understood is passed over.</remarks>
public sealed class JsonWebKeySet
{
    /// <summary>The largest document, in bytes; 262,144.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>How many keys are read of a document; 100.</summary>
    public const int MaxKeys = 100;

    /// <summary>Puts keys together.</summary>
    public JsonWebKeySet(params IEnumerable<JsonWebKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Keys = [.. keys];
    }

    /// <summary>The keys in their order.</summary>
    public IReadOnlyList<JsonWebKey> Keys { get; }

    /// <summary>Reads a document. Keys that are of another type, are weak or not for signatures are left out.</summary>
    /// <exception cref="FormatException">It is no set of keys, or too large.</exception>
    public static JsonWebKeySet Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
            throw new FormatException($"A set of keys has up to {MaxBytes} bytes.");
        return Parse(StrictJson.ParseObject(utf8, "The set of keys"));
    }

    /// <summary>Reads a set of keys that stands within another document, such as the metadata of a client.</summary>
    /// <exception cref="FormatException">It is no set of keys, or has too many.</exception>
    public static JsonWebKeySet Parse(JsonElement set)
    {
        if (set.ValueKind != JsonValueKind.Object || !set.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new FormatException("A set of keys has an array 'keys'.");
        if (keys.GetArrayLength() > MaxKeys)
            throw new FormatException($"A set of keys has up to {MaxKeys} of them.");
        return new(keys.EnumerateArray().Select(Understood).OfType<JsonWebKey>());
    }

    /// <summary>The keys as they are published.</summary>
    public JsonObject ToJson() => new() { ["keys"] = new JsonArray([.. Keys.Select(key => (JsonNode)key.ToJson())]) };

    private static JsonWebKey? Understood(JsonElement key)
    {
        try
        {
            return JsonWebKey.Parse(key);
        }
        catch (FormatException)
        {
            // Of a newer kind, or for something else: the others are as good.
            return null;
        }
    }
}
