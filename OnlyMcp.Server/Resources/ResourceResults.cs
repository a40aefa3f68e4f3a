using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Resources;

/// <summary>Short ways to the results that resources are read as most.</summary>
public static class ResourceResults
{
    internal const string PlainText = "text/plain";

    /// <summary>A resource that is one text.</summary>
    /// <param name="uri">The address that was read.</param>
    /// <param name="text">What it holds.</param>
    /// <param name="mimeType">Its media type, if known.</param>
    public static ReadResourceResult Text(string uri, string text, string? mimeType = PlainText) =>
        new() { Contents = [new TextResourceContents { Uri = uri, MimeType = mimeType, Text = text }] };

    /// <summary>A resource that is bytes; they travel as base64.</summary>
    /// <param name="uri">The address that was read.</param>
    /// <param name="bytes">What it holds.</param>
    /// <param name="mimeType">Their media type, if known.</param>
    public static ReadResourceResult Bytes(string uri, ReadOnlyMemory<byte> bytes, string? mimeType = null) =>
        new() { Contents = [new BlobResourceContents { Uri = uri, MimeType = mimeType, Blob = bytes }] };
}
