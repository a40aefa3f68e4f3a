using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Modern;

/// <summary>Compares the headers of a modern HTTP request with its body: whoever routes by the one must not be fooled by the other.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Server Validation</remarks>
internal static class HeaderValidation
{
    /// <summary>The version in the header must be there and be the metadata's.</summary>
    public static void CheckVersion(HttpExchange http, RequestMeta meta)
    {
        // MUST: each POST carries the version header. Where the metadata lacks it, that is told instead, by its own check.
        var header = http.Header(McpHeaders.ProtocolVersion);
        if (header is null)
            throw Mismatch($"The header {McpHeaders.ProtocolVersion} is missing.");
        if (meta.ProtocolVersion is not null && header != meta.ProtocolVersion)
            throw Mismatch($"The header {McpHeaders.ProtocolVersion} is '{header}', but params._meta says '{meta.ProtocolVersion}'.");
    }

    /// <summary>The method and, where the method has one, the name in the headers must be the body's.</summary>
    public static void CheckMethodAndName(HttpExchange http, JsonRpcRequest request)
    {
        // MUST: Mcp-Method on all requests; values are compared letter by letter.
        Check(http, McpHeaders.Method, request.Method);
        if (NameMember(request.Method) is { } member && NameIn(request.Params, member) is { } name)
            Check(http, McpHeaders.Name, name);
    }

    private static string? NameMember(string method) => method switch
    {
        Methods.ToolsCall or Methods.PromptsGet => "name",
        Methods.ResourcesRead => "uri",
        _ => null,
    };

    private static void Check(HttpExchange http, string header, string body)
    {
        var value = http.Header(header) ?? throw Mismatch($"The header {header} is missing.");
        if (!HeaderCoding.TryDecode(value, out var decoded))
            throw Mismatch($"The header {header} holds '{value}', which cannot be decoded.");
        if (decoded != body)
            throw Mismatch($"The header {header} is '{decoded}', but the body says '{body}'.");
    }

    private static string? NameIn(JsonBody parameters, string member)
    {
        if (parameters.IsAbsent)
            return null;

        var reader = new Utf8JsonReader(parameters.ToUtf8().Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(member);
            reader.Read();
            if (found)
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
        }

        return null;
    }

    private static RefusedRequestException Mismatch(string message) => new(400, ErrorCode.HeaderMismatch, message);
}
