using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Features;

/// <summary>Reads the parameters of <c>tools/call</c>.</summary>
/// <remarks>
/// Those of nearly every call are a name, arguments and metadata, and are read here in one pass. Whatever is more, or wrong, is left to
/// the reader of all parameters, which knows every member and has the words for every fault, and costs several times as much.
/// </remarks>
internal static class CallParameters
{
    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    /// <exception cref="JsonRpcException">They do not fit (-32602).</exception>
    public static CallToolRequestParams Read(JsonRpcRequest request) =>
        ReadPlain(request.Params) ?? RequestParameters.Read(request, McpJson.Wire.CallToolRequestParams);

    private static CallToolRequestParams? ReadPlain(JsonBody parameters)
    {
        if (parameters.IsAbsent || parameters.Value is not null)
            return null;

        try
        {
            return ReadPlain(parameters.ToUtf8().Span);
        }
        catch (JsonException)
        {
            return null; // The other reader will say what is wrong.
        }
    }

    private static CallToolRequestParams? ReadPlain(ReadOnlySpan<byte> utf8)
    {
        string? name = null;
        JsonElement? arguments = null;
        var hasMeta = false;
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (name is null && reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                if (name is null)
                    return null;
            }
            else if (arguments is null && reader.ValueTextEquals("arguments"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                arguments = JsonElement.Parse(utf8[start..(int)reader.BytesConsumed], NoDuplicates);
            }
            else if (!hasMeta && reader.ValueTextEquals("_meta"u8))
            {
                // The era has read it.
                hasMeta = true;
                reader.Read();
                reader.Skip();
            }
            else
            {
                return null;
            }
        }

        return name is null || arguments is { ValueKind: JsonValueKind.Null } ? null : new CallToolRequestParams { Name = name, Arguments = arguments };
    }
}
