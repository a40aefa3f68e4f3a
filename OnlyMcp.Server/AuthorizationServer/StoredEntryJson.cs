using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>How an entry becomes the bytes of a file and back, and which entries a store takes at all.</summary>
internal static class StoredEntryJson
{
    private const int MaxKindLength = 32;
    private const int MaxKeyLength = 2000;

    private static readonly JsonWriterOptions Lean = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entry as one JSON object in UTF-8.</summary>
    /// <exception cref="ArgumentException">No store takes it: its kind, its key or its size is none; the message says which.</exception>
    public static byte[] Write(StoredEntry entry, AuthorizationStoreLimits limits)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!IsKind(entry.Kind))
            throw new ArgumentException("A kind of entry is named with up to 32 lower-case letters, digits and hyphens.", nameof(entry));
        if (!IsKey(entry.Key))
            throw new ArgumentException($"The key of an entry has 1 to {MaxKeyLength} characters.", nameof(entry));

        var json = Write(entry);
        return json.Length <= limits.MaxEntryBytes
            ? json
            : throw new ArgumentException($"The entry takes {json.Length} bytes; at most {limits.MaxEntryBytes} are kept.", nameof(entry));
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="JsonException">It is something else, or another entry; the message says what.</exception>
    public static StoredEntry Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var root = document.RootElement;
            return new()
            {
                Kind = root.GetProperty("kind").GetString() ?? throw new JsonException("its kind is null"),
                Key = root.GetProperty("key").GetString() ?? throw new JsonException("its key is null"),
                Version = root.GetProperty("version").GetInt64(),
                ExpiresAt = root.TryGetProperty("expiresAt", out var expires) ? expires.GetDateTimeOffset() : null,
                Value = root.GetProperty("value").Clone(),
            };
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"it is no entry: {fault.Message}", fault);
        }
    }

    /// <summary>Whether a store may have entries of that kind.</summary>
    public static bool IsKind(string kind) =>
        kind is { Length: > 0 and <= MaxKindLength } && kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Whether a store may have an entry of that key.</summary>
    public static bool IsKey(string key) => key is { Length: > 0 and <= MaxKeyLength };

    private static byte[] Write(StoredEntry entry)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Lean))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, entry.Kind);
            writer.WriteString("key"u8, entry.Key);
            writer.WriteNumber("version"u8, entry.Version);
            if (entry.ExpiresAt is { } expires)
                writer.WriteString("expiresAt"u8, expires);
            writer.WritePropertyName("value"u8);
            entry.Value.WriteTo(writer);
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }
}
