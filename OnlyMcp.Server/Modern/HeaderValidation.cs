using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;
using OnlyMcp.Server.Tools;

namespace OnlyMcp.Server.Modern;

/// <summary>Compares the headers of a modern HTTP request with its body: whoever routes by the one must not be fooled by the other.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/transports/streamable-http §Server Validation
/// Spec: ext-tasks tasks §Streamable HTTP: Routing Headers
/// </remarks>
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

    /// <summary>The method and, where the method has one, the name in the headers must be the body's; returns that name.</summary>
    public static string? CheckMethodAndName(HttpExchange http, JsonRpcRequest request)
    {
        // MUST: Mcp-Method on all requests; values are compared letter by letter.
        var method = Decoded(http, McpHeaders.Method);
        if (method != request.Method)
            throw Differs(McpHeaders.Method, method, request.Method);

        return NameMember(request.Method) is { } member ? CheckName(http, request.Params, member) : null;
    }

    /// <summary>The parameters of a tool that stand in headers must be the body's; what the body lacks stands in none.</summary>
    /// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Server Behavior for Custom Headers</remarks>
    public static void CheckParameters(HttpExchange http, JsonRpcRequest request, McpTool tool)
    {
        if (tool.ParameterHeaders is not { Count: > 0 } headers)
            return;

        var body = request.Params.ToElement();
        var arguments = body.TryGetProperty("arguments", out var given) ? given : default;
        foreach (var header in headers)
            Check(http, header, arguments);
    }

    private static void Check(HttpExchange http, ParameterHeader header, JsonElement arguments)
    {
        var expected = Expects(header, arguments);
        if (http.Header(header.Name) is not { } value)
        {
            // MUST: a value that is in the body is in the header too; one that is null or absent is in neither.
            if (expected)
                throw Mismatch($"The header {header.Name} is missing, but the body holds {Place(header)}.");
            return;
        }

        if (!HeaderCoding.TryDecode(value, out var decoded))
            throw Mismatch($"The header {header.Name} holds '{value}', which cannot be decoded.");
        if (!header.Agrees(decoded, arguments))
            throw Mismatch($"The header {header.Name} is '{decoded}', which is not what the body says in {Place(header)}.");
    }

    private static string Place(ParameterHeader header) => $"arguments.{string.Join('.', header.Path)}";

    private static bool Expects(ParameterHeader header, JsonElement arguments)
    {
        try
        {
            return header.TryGetText(arguments, out _);
        }
        catch (ArgumentException fault)
        {
            throw Mismatch(fault.Message);
        }
    }

    private static string? NameMember(string method) => method switch
    {
        Methods.ToolsCall or Methods.PromptsGet => "name",
        Methods.ResourcesRead => "uri",
        Methods.TasksGet or Methods.TasksUpdate or Methods.TasksCancel => "taskId",
        _ => null,
    };

    private static string Decoded(HttpExchange http, string header)
    {
        var value = http.Header(header) ?? throw Mismatch($"The header {header} is missing.");
        return HeaderCoding.TryDecode(value, out var decoded)
            ? decoded
            : throw Mismatch($"The header {header} holds '{value}', which cannot be decoded.");
    }

    private static string? CheckName(HttpExchange http, JsonBody parameters, string member)
    {
        if (parameters.IsAbsent)
            return null;

        var reader = new Utf8JsonReader(parameters.ToUtf8().Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(member);
            reader.Read();
            if (found && reader.TokenType != JsonTokenType.String)
                return null;
            if (found)
            {
                var name = Decoded(http, McpHeaders.Name);
                return reader.ValueTextEquals(name) ? name : throw Differs(McpHeaders.Name, name, reader.GetString());
            }

            reader.Skip();
        }

        return null;
    }

    private static RefusedRequestException Differs(string header, string value, string? body) =>
        Mismatch($"The header {header} is '{value}', but the body says '{body}'.");

    private static RefusedRequestException Mismatch(string message) => new(400, ErrorCode.HeaderMismatch, message);
}
