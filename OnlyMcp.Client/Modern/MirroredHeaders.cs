using System.Net.Http.Headers;
using System.Text.Json;
using OnlyMcp.Client.Http;
using OnlyMcp.Client.Plain;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>Mirrors into HTTP headers what proxies want to see of a request without reading its body.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/transports/streamable-http §Standard Request Headers
/// Spec: ext-tasks tasks §Streamable HTTP: Routing Headers
/// </remarks>
internal sealed class MirroredHeaders(Revision revision, ToolHeaders tools) : IHttpHeaders
{
    /// <summary>Which parameters of which tools are mirrored.</summary>
    public ToolHeaders Tools => tools;

    public void Write(HttpRequestHeaders headers, JsonRpcMessage message)
    {
        // MUST: on every POST, and equal to the version in the request's metadata.
        headers.TryAddWithoutValidation(McpHeaders.ProtocolVersion, revision.Version);
        if (message is not JsonRpcRequest request)
            return;

        headers.TryAddWithoutValidation(McpHeaders.Method, request.Method);
        if (NameIn(request) is not { } name)
            return;

        headers.TryAddWithoutValidation(McpHeaders.Name, HeaderCoding.Encode(name));
        if (request.Method == Methods.ToolsCall && tools.Of(name) is { Count: > 0 } mirrored)
            Write(headers, mirrored, request.Params.ToElement());
    }

    private static void Write(HttpRequestHeaders headers, IReadOnlyList<ParameterHeader> mirrored, JsonElement call)
    {
        // MUST: each mirrored parameter that has a value, and none that has not.
        foreach (var header in call.TryGetProperty("arguments", out var arguments) ? mirrored : [])
        {
            if (header.TryGetText(arguments, out var text))
                headers.TryAddWithoutValidation(header.Name, HeaderCoding.Encode(text));
        }
    }

    public void Read(JsonRpcMessage message, HttpResponseMessage response)
    {
        // MUST NOT: a session id that a server of this era sends is neither kept nor echoed.
    }

    private static string? NameIn(JsonRpcRequest request) =>
        request.Params.Value is PlainCall call ? call.Name
        : SourceOfName(request.Method) is { } member ? Text(request.Params.ToUtf8().Span, member)
        : null;

    private static string? SourceOfName(string method) => method switch
    {
        Methods.ToolsCall or Methods.PromptsGet => "name",
        Methods.ResourcesRead => "uri",

        // MUST: so that a proxy finds the machine that holds the task.
        Methods.TasksGet or Methods.TasksUpdate or Methods.TasksCancel => "taskId",
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
