using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Writes messages as bytes: one line of JSON each, in one pass.</summary>
/// <remarks>
/// Text is escaped no more than JSON needs, so that it stays readable and non-Latin text half as long.
/// Spec: 2026-07-28 basic §Messages
/// </remarks>
public static class JsonRpcWriter
{
    internal static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly JsonEncodedText JsonRpc = JsonEncodedText.Encode("jsonrpc");
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("2.0");
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Method = JsonEncodedText.Encode("method");
    private static readonly JsonEncodedText Params = JsonEncodedText.Encode("params");
    private static readonly JsonEncodedText Result = JsonEncodedText.Encode("result");
    private static readonly JsonEncodedText Error = JsonEncodedText.Encode("error");
    private static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
    private static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");

    /// <summary>One a thread, taken while it is in use: a value that writes a message of its own gets a new one.</summary>
    [ThreadStatic]
    private static OneLine? idle;

    /// <summary>Appends <paramref name="message"/> to <paramref name="output"/>, without a line break.</summary>
    public static void Write(IBufferWriter<byte> output, JsonRpcMessage message)
    {
        ArgumentNullException.ThrowIfNull(output);
        var line = idle ?? new OneLine();
        idle = null;
        WriteMessage(line.BeginOn(output), message);
        line.End();
        idle = line;
    }

    /// <summary>The message as bytes of its own.</summary>
    public static byte[] ToBytes(JsonRpcMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, message);
        return buffer.WrittenSpan.ToArray();
    }

    internal static string ToText(JsonRpcMessage message) => Encoding.UTF8.GetString(ToBytes(message));

    private static void WriteMessage(Utf8JsonWriter writer, JsonRpcMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString(JsonRpc, Version);
        switch (message)
        {
            case JsonRpcRequest request:
                WriteId(writer, request.Id);
                WriteCall(writer, request.Method, request.Params);
                break;
            case JsonRpcNotification notification:
                WriteCall(writer, notification.Method, notification.Params);
                break;
            case JsonRpcResultResponse response:
                WriteId(writer, response.Id);
                writer.WritePropertyName(Result);
                response.Result.WriteTo(writer);
                break;
            case JsonRpcErrorResponse response:
                if (response.Id is { } id)
                    WriteId(writer, id);
                WriteError(writer, response.Error);
                break;
            default:
                throw new ArgumentNullException(nameof(message));
        }

        writer.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter writer, RequestId id)
    {
        writer.WritePropertyName(Id);
        id.WriteTo(writer);
    }

    private static void WriteCall(Utf8JsonWriter writer, string method, JsonBody parameters)
    {
        writer.WriteString(Method, method);
        if (parameters.IsAbsent)
            return;

        writer.WritePropertyName(Params);
        parameters.WriteTo(writer);
    }

    private static void WriteError(Utf8JsonWriter writer, JsonRpcError error)
    {
        writer.WriteStartObject(Error);
        writer.WriteNumber(Code, error.Code);
        writer.WriteString(Message, error.Message);
        if (!error.Data.IsAbsent)
        {
            writer.WritePropertyName(Data);
            error.Data.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
