using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Inputs;

/// <summary>A short stand-in for a question or a request: equal if they are, whatever the order of their members.</summary>
internal static class InputDigest
{
    /// <summary>In the place of a question's, for the result of what runs once.</summary>
    public const string Once = "once";

    private const int Bytes = 16;
    private const int MaxDepth = 1000;

    public static string Of(InputRequest question) => Of(question.Method, question.Params is { } parameters ? parameters : default, []);

    /// <summary>
    /// What makes a request the same one when it is sent again: its method, and its parameters without what changes each time.
    /// </summary>
    public static string Of(JsonRpcRequest request)
    {
        if (request.Params.IsAbsent)
            return Of(request.Method, default, []);

        using var document = JsonDocument.Parse(request.Params.ToUtf8(), new JsonDocumentOptions { MaxDepth = MaxDepth });
        return Of(request.Method, document.RootElement, ["_meta", "inputResponses", "requestState"]);
    }

    private static string Of(string method, JsonElement parameters, string[] without)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { MaxDepth = MaxDepth }))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(method);
            if (parameters.ValueKind != JsonValueKind.Undefined)
                Write(writer, parameters, without);
            writer.WriteEndArray();
        }

        return Base64Url.EncodeToString(SHA256.HashData(bytes.WrittenSpan).AsSpan(0, Bytes));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, string[] without)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var members = value.EnumerateObject().Where(member => !without.Contains(member.Name));
                foreach (var member in members.OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, []);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item, []);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
