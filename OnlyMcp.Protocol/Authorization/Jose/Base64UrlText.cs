using System.Buffers.Text;

namespace OnlyMcp.Protocol.Authorization.Jose;

/// <summary>Bytes as letters that need no escaping in an address or a header (RFC 7515, section 2): no padding, no line breaks.</summary>
internal static class Base64UrlText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <returns>Null if it is not written in the one way in which these bytes are written: two texts of one token would pass as two.</returns>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var unused = (text.Length % 4) switch { 0 => 0, 2 => 0b1111, 3 => 0b11, _ => -1 };
        if (unused < 0 || text.ContainsAnyExcept(Letters) || (text.Length > 0 && (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unused) != 0))
            return null;

        return Base64Url.DecodeFromChars(text);
    }

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create(Alphabet);
}
