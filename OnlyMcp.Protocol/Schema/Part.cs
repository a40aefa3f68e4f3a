using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Protocol.Schema;

// A converter reads what is inside its value as a part: a fault in a part is told with its path from the converter's value on,
// as the inner exception of one that gets the path to the value. (Without, the serializer keeps the last stretch of the path alone.)
internal static class Part
{
    // The serializer's own choice of what it writes in brackets.
    private static readonly SearchValues<char> Quoted = SearchValues.Create(" .'/\"[]()\t\n\r\f\b\\\u0085\u2028\u2029");

    /// <summary>The converter's value as a whole, by the contract of <typeparamref name="T"/>.</summary>
    public static T Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        try
        {
            return Deserialize<T>(ref reader, options);
        }
        catch (JsonException fault)
        {
            throw At("", fault);
        }
    }

    /// <summary>An item of a list, which may not be null.</summary>
    public static T ReadItem<T>(ref Utf8JsonReader reader, int index, JsonSerializerOptions options) where T : class
    {
        try
        {
            return NotNull<T>(ref reader, options);
        }
        catch (JsonException fault)
        {
            throw At($"[{index}]", fault);
        }
    }

    /// <summary>What stands under a name, which may not be null.</summary>
    public static T ReadMember<T>(ref Utf8JsonReader reader, string name, JsonSerializerOptions options) where T : class
    {
        try
        {
            return NotNull<T>(ref reader, options);
        }
        catch (JsonException fault)
        {
            throw At(name.AsSpan().ContainsAny(Quoted) ? $"['{name}']" : $".{name}", fault);
        }
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
        JsonException last = fault;
        for (Exception? part = fault; part is JsonException { Path: string stretch }; part = part.InnerException)
        {
            path += stretch[1..];
            reason = part.Message;
            last = (JsonException)part;
        }

        int serializersOwnPath = reason.IndexOf(" Path: $", StringComparison.Ordinal);
        if (serializersOwnPath >= 0) reason = reason[..serializersOwnPath];
        return new JsonException($"{path}: {InWords(reason, last)}", path, fault.LineNumber, fault.BytePositionInLine, fault);
    }

    // The serializer speaks of types of ours, of which whoever sent the message knows nothing.
    private static string InWords(string reason, JsonException fault)
    {
        if (reason.StartsWith("JSON deserialization for type", StringComparison.Ordinal) && reason.IndexOf(": '", StringComparison.Ordinal) is > 0 and var names)
            return $"missing {reason[(names + 2)..]}";
        if (!reason.StartsWith("The JSON value could not be converted to", StringComparison.Ordinal))
            return reason;
        return fault.InnerException is InvalidOperationException wrong ? wrong.Message : "A value of this kind does not fit here.";
    }

    private static T NotNull<T>(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.Null ? Deserialize<T>(ref reader, options) : throw new JsonException("null is no value here.");

    private static T Deserialize<T>(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)))!;
}
