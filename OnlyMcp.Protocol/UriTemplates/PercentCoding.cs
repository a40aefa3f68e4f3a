using System.Text;

namespace OnlyMcp.Protocol.UriTemplates;

/// <summary>Characters that an address cannot hold travel as the bytes of their UTF-8, each as <c>%</c> and two digits (RFC 3986).</summary>
internal static class PercentCoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="text">Any text; half a surrogate pair becomes U+FFFD.</param>
    /// <param name="keepsReserved">Whether what structures an address, and what is encoded already, is left as it is.</param>
    public static string Encode(string text, bool keepsReserved)
    {
        var encoded = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var keeps = rune.IsAscii && (UriSyntax.IsUnreserved((char)rune.Value)
                || (keepsReserved && (UriSyntax.IsReserved((char)rune.Value) || IsTripletAt(text, at))));
            if (keeps)
                encoded.Append((char)rune.Value);
            else
                foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                    encoded.Append('%').Append(b.ToString("X2", null));
            at += rune.Utf16SequenceLength;
        }

        return encoded.ToString();
    }

    /// <summary>The text that was encoded; null if a <c>%</c> has no two digits behind it, or the bytes are no UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<char> encoded)
    {
        if (!encoded.Contains('%'))
            return encoded.ToString();

        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                bytes.Add((byte)encoded[i]);
                continue;
            }

            if (!IsTripletAt(encoded, i))
                return null;
            bytes.Add(byte.Parse(encoded.Slice(i + 1, 2), System.Globalization.NumberStyles.HexNumber, null));
            i += 2;
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            // Not text: nobody can have meant it as a value.
            return null;
        }
    }

    public static bool IsTripletAt(ReadOnlySpan<char> text, int at) =>
        text[at] == '%' && at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);

    /// <summary>Whether the character belongs to a triplet: its <c>%</c>, or one of its digits.</summary>
    public static bool IsWithinTriplet(ReadOnlySpan<char> text, int at) =>
        IsTripletAt(text, at) || (at > 0 && IsTripletAt(text, at - 1)) || (at > 1 && IsTripletAt(text, at - 2));
}
