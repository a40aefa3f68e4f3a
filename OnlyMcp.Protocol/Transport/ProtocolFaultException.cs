using System.Text;

namespace OnlyMcp.Protocol.Transport;

/// <summary>The other side broke the rules of the protocol; says how, with a piece of what it sent.</summary>
public sealed class ProtocolFaultException : Exception
{
    /// <summary>How many characters of what was sent are kept.</summary>
    public const int MaxOffendingText = 500;

    /// <summary>Says which rule was broken, and by what bytes, if there are any.</summary>
    public ProtocolFaultException(string message, ReadOnlySpan<byte> offending = default, Exception? innerException = null)
        : base(message, innerException) => OffendingText = Excerpt(offending, MaxOffendingText);

    /// <summary>Whether an answer ended before it was whole: the way may have broken, and asking again may help.</summary>
    public bool IsCutShort { get; init; }

    /// <summary>The beginning of what the other side sent, with control characters replaced; empty if there is nothing to show.</summary>
    public string OffendingText { get; }

    /// <summary>The beginning of some bytes as text that is safe to show: control characters and what is no UTF-8 are replaced.</summary>
    public static string Excerpt(ReadOnlySpan<byte> utf8, int maxLength)
    {
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, maxLength * 4)]);
        var shown = text.Length > maxLength ? string.Concat(text.AsSpan(0, maxLength), "...") : text;
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (var i = 0; i < source.Length; i++)
                span[i] = char.IsControl(source[i]) ? (source[i] is '\n' or '\r' or '\t' ? ' ' : '\uFFFD') : source[i];
        });
    }
}
