using System.Buffers;
using System.Buffers.Text;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>Bytes as letters that need no escaping in an address or a header (RFC 7515, section 2): no padding, no line breaks.</summary>
internal static class Base64UrlText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <returns>Null unless it is the one way in which these bytes are written: else two texts would pass as one token.</returns>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var unused = (text.Length % 4) switch { 0 => 0, 2 => 0b1111, 3 => 0b11, _ => -1 };
        if (unused < 0 || text.ContainsAnyExcept(Letters))
            return null;
        if (unused > 0 && (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unused) != 0)
            return null;

        return Base64Url.DecodeFromChars(text);
    }
}
