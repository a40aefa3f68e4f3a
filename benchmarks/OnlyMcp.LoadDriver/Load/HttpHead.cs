using System.Text;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>The head of an answer: a status line, and headers whose names may be written in any case.</summary>
internal static class HttpHead
{
    /// <summary>The value of a header; empty without it.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        while (head.IndexOf("\r\n"u8) is >= 0 and var lineEnd)
        {
            head = head[(lineEnd + 2)..];
            if (head.Length > name.Length && head[name.Length] == ':' && Ascii.EqualsIgnoreCase(head[..name.Length], name))
                return UpToLineEnd(head[(name.Length + 1)..]).TrimStart((byte)' ');
        }

        return [];
    }

    public static string Text(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name) => Encoding.ASCII.GetString(Value(head, name));

    private static ReadOnlySpan<byte> UpToLineEnd(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)'\r') is >= 0 and var end ? text[..end] : text;
}
