using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Plain;

namespace OnlyMcp.Server.Eras;

/// <summary>Parses what a request carries in <c>params._meta</c>: for a modern one, all that a session would know.</summary>
/// <remarks>Spec: 2026-07-28 basic §_meta</remarks>
internal static class RequestMetadata
{
    /// <summary>The version that the metadata names, without reading the rest; null if it names none, or none that is a string.</summary>
    public static string? PeekVersion(ReadOnlySpan<byte> meta)
    {
        if (meta.IsEmpty)
            return null;

        var reader = new Utf8JsonReader(meta);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals(MetaKeys.ProtocolVersion);
            reader.Read();
            if (isVersion)
                return reader.TokenType == JsonTokenType.String ? Read(ref reader) : "";
            reader.Skip();
        }

        return null;
    }

    /// <summary>A version, as the string of the revision itself where it is a known one.</summary>
    private static string Read(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < KnownRevisions.All.Count; i++)
        {
            if (reader.ValueTextEquals(KnownRevisions.All[i].Version))
                return KnownRevisions.All[i].Version;
        }

        return reader.GetString()!;
    }

    /// <summary>Parses the metadata; an empty one if the request has none.</summary>
    /// <exception cref="RefusedRequestException">A member has the wrong shape (-32602, 400).</exception>
    public static RequestMeta Parse(ReadOnlyMemory<byte> meta)
    {
        if (meta.IsEmpty)
            return new RequestMeta();

        try
        {
            return PlainMetadata.Read(meta.Span) ?? new JsonBody(meta).Read(McpJson.Wire.RequestMeta);
        }
        catch (JsonException fault)
        {
            throw new RefusedRequestException(400, ErrorCode.InvalidParams, $"params._meta: {fault.Message}");
        }
    }
}
