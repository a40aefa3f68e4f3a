using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OnlyMcp.Protocol.Transport;

/// <summary>How a value stands in a header that a header could not hold as it is: <c>=?base64?…?=</c> around its UTF-8 bytes.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Value Encoding</remarks>
public static class HeaderCoding
{
    private const string Prefix = "=?base64?";
    private const string Suffix = "?=";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> Visible = SearchValues.Create(Enumerable.Range(0x20, 0x5F).Select(c => (char)c).ToArray());
    private static readonly SearchValues<char> VisibleOrTab = SearchValues.Create(['\t', .. Enumerable.Range(0x20, 0x5F).Select(c => (char)c)]);

    /// <summary>The value as it may stand in a header: itself if it is visible ASCII, else coded.</summary>
    public static string Encode(string value)
    {
        ArgumentNullException.ThrowIfNull(value);

        // MUST: what a header cannot carry, or would be trimmed or taken for a coded value, is coded.
        var plain = !value.AsSpan().ContainsAnyExcept(Visible) && value == value.Trim(' ') && !IsCoded(value);
        return plain ? value : Prefix + Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) + Suffix;
    }

    /// <summary>The value that a header stands for; false if it says it is coded and is not, or holds what no header may.</summary>
    public static bool TryDecode(string header, [NotNullWhen(true)] out string? value)
    {
        ArgumentNullException.ThrowIfNull(header);
        value = header;
        if (!IsCoded(header))
        {
            // MUST: a server refuses characters that should have been coded. RFC 9110 allows the tab beside visible ASCII.
            return !header.AsSpan().ContainsAnyExcept(VisibleOrTab);
        }

        try
        {
            value = Strict.GetString(Convert.FromBase64String(header[Prefix.Length..^Suffix.Length]));
            return true;
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            value = null;
            return false;
        }
    }

    private static bool IsCoded(string value) =>
        value.Length >= Prefix.Length + Suffix.Length
        && value.StartsWith(Prefix, StringComparison.Ordinal) && value.EndsWith(Suffix, StringComparison.Ordinal);
}
