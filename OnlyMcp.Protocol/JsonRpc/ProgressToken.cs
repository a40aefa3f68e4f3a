using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>What a requester sends along to be told of progress: a string or a whole number that comes back in every notification.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/progress §Progress Flow</remarks>
[JsonConverter(typeof(ProgressTokenConverter))]
public readonly record struct ProgressToken(RequestId Value)
{
    /// <summary>Makes a token of a number.</summary>
    public static implicit operator ProgressToken(long number) => new(new RequestId(number));

    /// <summary>Makes a token of a string.</summary>
    public static implicit operator ProgressToken(string text) => new(new RequestId(text));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

internal sealed class ProgressTokenConverter : JsonConverter<ProgressToken>
{
    public override ProgressToken Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RequestId.TryRead(ref reader, out var value)
            ? new ProgressToken(value)
            : throw new JsonException("A progress token is a string or a whole number of at most 64 bits.");

    public override void Write(Utf8JsonWriter writer, ProgressToken value, JsonSerializerOptions options) => value.Value.WriteTo(writer);
}
