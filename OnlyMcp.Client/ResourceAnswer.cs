using System.Text;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

/// <summary>What a resource holds: one text or one piece of data as a rule, several where it stands for several things.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Resource Contents</remarks>
public sealed class ResourceAnswer
{
    internal ResourceAnswer(string uri, ReadResourceResult result)
    {
        Uri = uri;
        Result = result;
    }

    /// <summary>The address that was read.</summary>
    public string Uri { get; }

    /// <summary>The answer as it was received.</summary>
    public ReadResourceResult Result { get; }

    /// <summary>Every piece of the answer: <see cref="TextResourceContents"/> or <see cref="BlobResourceContents"/>.</summary>
    public IReadOnlyList<ResourceContents> Contents => Result.Contents;

    /// <summary>All text of the answer, its pieces joined by line breaks; empty if there is none.</summary>
    public string Text => string.Join('\n', Result.Contents.OfType<TextResourceContents>().Select(piece => piece.Text));

    /// <summary>The first piece of the answer as bytes, text as UTF-8; empty if there is no piece.</summary>
    public ReadOnlyMemory<byte> Bytes => Result.Contents switch
    {
        [BlobResourceContents data, ..] => data.Blob,
        [TextResourceContents text, ..] => Encoding.UTF8.GetBytes(text.Text),
        _ => default,
    };

    /// <summary>The text, as <see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
