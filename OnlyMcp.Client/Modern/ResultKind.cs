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
    /// <param name="method">What was asked for.</param>
    /// <param name="result">What came.</param>
    /// <param name="others">The types that whoever asked knows beside the protocol's own.</param>
    /// <exception cref="ProtocolFaultException">The result's type is unknown, or may not be here.</exception>
    public static bool NeedsInput(string method, JsonBody result, IReadOnlyCollection<string> others) => TypeOf(result) switch
    {
        ResultTypes.Complete => false,
        ResultTypes.InputRequired when InputRounds.MayFollow(method) => true,

        // MUST NOT: no other request waits for input.
        ResultTypes.InputRequired => throw new ProtocolFaultException(
            $"The server asked for input before it answers '{method}', which needs none.", result.ToUtf8().Span),

        // MAY: an extension has types of its own.
        { } known when others.Contains(known) => false,

        // MUST: a result of an unknown type is invalid.
        var other => throw new ProtocolFaultException(
            $"The result of '{method}' is of the type '{other}', which this client does not know.", result.ToUtf8().Span),
    };

    /// <summary>Whether the server goes on with the request as a task.</summary>
    public static bool IsTask(JsonBody result) => TypeOf(result) == TasksExtension.ResultType;

    private static string TypeOf(JsonBody result)
    {
        var reader = new Utf8JsonReader(result.ToUtf8().Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("resultType"u8);
            reader.Read();
            if (found)
                return reader.TokenType != JsonTokenType.String ? "not a string"
                    : reader.ValueTextEquals(ResultTypes.Complete) ? ResultTypes.Complete
                    : reader.GetString()!;
            reader.Skip();
        }

        // MUST: a server of an earlier revision leaves it out, and means a complete result.
        return ResultTypes.Complete;
    }
}
