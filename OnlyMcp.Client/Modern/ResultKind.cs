using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Modern;

/// <summary>Tells by a result's type how to read it.</summary>
/// <remarks>Spec: 2026-07-28 basic §ResultType</remarks>
internal static class ResultKind
{
    /// <summary>Whether the server asks for input instead of answering; otherwise the result is complete.</summary>
    /// <exception cref="ProtocolFaultException">The result's type is unknown, or may not be here.</exception>
    public static bool NeedsInput(string method, JsonBody result) => TypeOf(result) switch
    {
        // MUST: a server of an earlier revision leaves it out, and means a complete result.
        null or ResultTypes.Complete => false,
        ResultTypes.InputRequired when InputRounds.MayFollow(method) => true,

        // MUST NOT: no other request waits for input.
        ResultTypes.InputRequired => throw new ProtocolFaultException(
            $"The server asked for input before it answers '{method}', which needs none.", result.ToUtf8().Span),

        // MUST: a result of an unknown type is invalid.
        var other => throw new ProtocolFaultException(
            $"The result of '{method}' is of the type '{other}', which this client does not know.", result.ToUtf8().Span),
    };

    private static string? TypeOf(JsonBody result)
    {
        var reader = new Utf8JsonReader(result.ToUtf8().Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("resultType"u8);
            reader.Read();
            if (found)
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : "not a string";
            reader.Skip();
        }

        return null;
    }
}
