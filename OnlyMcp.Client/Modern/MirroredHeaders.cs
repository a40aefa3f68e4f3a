using System.Net.Http.Headers;
using System.Text.Json;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>Mirrors into HTTP headers what proxies want to see of a request without reading its body.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Standard Request Headers</remarks>
internal sealed class MirroredHeaders(Revision revision) : IHttpHeaders
{
    public void Write(HttpRequestHeaders headers, JsonRpcMessage message)
    {
        // MUST: on every POST, and equal to the version in the request's metadata.
        headers.TryAddWithoutValidation(McpHeaders.ProtocolVersion, revision.Version);
        if (message is not JsonRpcRequest request)
            return;

        headers.TryAddWithoutValidation(McpHeaders.Method, request.Method);
        if (SourceOfName(request.Method) is { } member && Text(request.Params.ToUtf8().Span, member) is { } name)
            headers.TryAddWithoutValidation(McpHeaders.Name, HeaderCoding.Encode(name));
    }

    public void Read(JsonRpcMessage message, HttpResponseMessage response)
    {
        // MUST NOT: a session id that a server of this era sends is neither kept nor echoed.
    }

    private static string? SourceOfName(string method) => method switch
    {
        Methods.ToolsCall or Methods.PromptsGet => "name",
        Methods.ResourcesRead => "uri",
        _ => null,
    };

    /// <summary>The text of a member at the top of an object, or null.</summary>
    private static string? Text(ReadOnlySpan<byte> utf8, string name)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found && reader.TokenType == JsonTokenType.String)
                return reader.GetString();
            reader.Skip();
        }

        return null;
    }
}
