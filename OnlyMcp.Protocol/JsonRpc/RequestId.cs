using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>The id that ties a response to its request: a string or a whole number of 64 bits, never null.</summary>
/// <remarks>
/// <c>0</c> and <c>""</c> are ids like any other, and <c>1</c> is not <c>"1"</c>.
/// Spec: 2026-07-28 basic §Requests
/// </remarks>
[JsonConverter(typeof(RequestIdConverter))]
public readonly struct RequestId : IEquatable<RequestId>
{
    private readonly string? text;
    private readonly long number;

    /// <summary>Makes an id of a number.</summary>
    public RequestId(long number) => this.number = number;

    /// <summary>Makes an id of a string, which may be empty.</summary>
    public RequestId(string text) => this.text = text ?? throw new ArgumentNullException(nameof(text));

    /// <summary>Whether the id is a string; otherwise it is a number.</summary>
    [MemberNotNullWhen(true, nameof(text))]
    public bool IsString => text is not null;

    /// <summary>The number; null if the id is a string.</summary>
    public long? Number => IsString ? null : number;

    /// <summary>Makes an id of a number.</summary>
    public static implicit operator RequestId(long number) => new(number);

    /// <summary>Makes an id of a string.</summary>
    public static implicit operator RequestId(string text) => new(text);

    /// <inheritdoc/>
    public bool Equals(RequestId other) => number == other.number && text == other.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RequestId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => text is null ? number.GetHashCode() : text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether both are the same id: same kind and same value.</summary>
    public static bool operator ==(RequestId left, RequestId right) => left.Equals(right);

    /// <summary>Whether the ids differ in kind or value.</summary>
    public static bool operator !=(RequestId left, RequestId right) => !left.Equals(right);

    /// <summary>The id as text for a log: a string id stands in quotes, so that <c>1</c> and <c>"1"</c> read differently.</summary>
    public override string ToString() => IsString ? $"\"{text}\"" : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The bare value as text: <c>7</c> for both <c>7</c> and <c>"7"</c>.</summary>
    public string Value => text ?? number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the id on which <paramref name="reader"/> stands; false if it is neither a string nor a 64-bit integer.</summary>
    internal static bool TryRead(ref Utf8JsonReader reader, out RequestId id)
    {
        id = default;
        if (reader.TokenType == JsonTokenType.String)
        {
            id = new RequestId(reader.GetString()!);
            return true;
        }

        // A fraction, an exponent or more than 64 bits is no integer that both sides could compare.
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value))
            return false;

        id = new RequestId(value);
        return true;
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (IsString)
            writer.WriteStringValue(text);
        else
            writer.WriteNumberValue(number);
    }
}

internal sealed class RequestIdConverter : JsonConverter<RequestId>
{
    public override RequestId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RequestId.TryRead(ref reader, out var id) ? id : throw new JsonException("An id is a string or a whole number of at most 64 bits.");

    public override void Write(Utf8JsonWriter writer, RequestId value, JsonSerializerOptions options) => value.WriteTo(writer);
}
