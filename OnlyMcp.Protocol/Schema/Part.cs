using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Protocol.Schema;

// A converter reads what is inside its value as a part: a fault in a part is told with its path from the converter's value on,
// as the inner exception of one that gets the path to the value. (Without, the serializer keeps the last stretch of the path alone.)
internal static class Part
{
    public static T Read<T>(ref Utf8JsonReader reader, string step, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)))!;
        }
        catch (JsonException fault)
        {
            throw At(step, fault);
        }
    }

    /// <summary>The same for what may not be null.</summary>
    public static T ReadValue<T>(ref Utf8JsonReader reader, string step, JsonSerializerOptions options) where T : class
    {
        if (reader.TokenType != JsonTokenType.Null) return Read<T>(ref reader, step, options);
        throw At(step, new JsonException("null is no value here."));
    }

    /// <summary>A fault of a part, told by what it is a part of.</summary>
    public static JsonException At(string step, JsonException fault)
    {
        string path = $"${step}{fault.Path?[1..]}";
        return new JsonException(
            fault.Message, new JsonException(fault.Message, path, fault.LineNumber, fault.BytePositionInLine, fault.InnerException));
    }

    /// <summary>A fault in words that say where: the path down to the last part, and what is wrong there.</summary>
    public static JsonException Located(JsonException fault)
    {
        string path = "$", reason = fault.Message;
        for (Exception? part = fault; part is JsonException { Path: string stretch }; part = part.InnerException)
        {
            path += stretch[1..];
            reason = part.Message;
        }

        int serializersOwnPath = reason.IndexOf(" Path: $", StringComparison.Ordinal);
        if (serializersOwnPath >= 0) reason = reason[..serializersOwnPath];
        return new JsonException($"{path}: {reason}", path, fault.LineNumber, fault.BytePositionInLine, fault);
    }
}
