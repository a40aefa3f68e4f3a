using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>
/// The content of a message (its params, its result, the data of its error): bytes as they were received, or a value
/// that is written when the message is.
/// </summary>
/// <remarks>
/// Received bytes are a view of the message's buffer, and readable for as long as the message is being handled.
/// The default value means that the member is absent.
/// </remarks>
public readonly struct JsonBody
{
    private readonly ReadOnlyMemory<byte> utf8;
    private readonly object? value;
    private readonly JsonTypeInfo? typeInfo;
    private readonly MetaStamp? stamp;

    private JsonBody(object value, JsonTypeInfo typeInfo, ReadOnlyMemory<byte> utf8 = default, MetaStamp? stamp = null)
    {
        this.value = value;
        this.typeInfo = typeInfo;
        this.utf8 = utf8;
        this.stamp = stamp;
    }

    /// <summary>Takes JSON as it stands: exactly one value in UTF-8, not checked again.</summary>
    public JsonBody(ReadOnlyMemory<byte> utf8) => this.utf8 = utf8;

    /// <summary>Takes a value that <paramref name="typeInfo"/> can write.</summary>
    public static JsonBody Of<T>(T value, JsonTypeInfo<T> typeInfo)
        where T : notnull => new(value, typeInfo);

    /// <summary>Takes a value that <paramref name="typeInfo"/> can write.</summary>
    public static JsonBody Of(object value, JsonTypeInfo typeInfo)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(typeInfo);
        return new JsonBody(value, typeInfo);
    }

    /// <summary>Takes a value as it is now, written like all that goes over the wire; what becomes of it later does not matter.</summary>
    /// <exception cref="JsonException">A converter wrote what is no JSON.</exception>
    public static JsonBody Written(object value, JsonTypeInfo typeInfo)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(typeInfo);
        var utf8 = StampedJson.ToUtf8(value, typeInfo, default);
        RequireOneValue(utf8);
        return new JsonBody(utf8);
    }

    /// <summary>Whether the member is absent from its message.</summary>
    public bool IsAbsent => value is null && utf8.IsEmpty;

    /// <summary>The value as it was given by the sender of this message, or null if the message was received as bytes.</summary>
    public object? Value => value;

    /// <summary>Reads the content as a <typeparamref name="T"/>.</summary>
    /// <exception cref="JsonException">The content is absent, null or of another shape; the message says where.</exception>
    public T Read<T>(JsonTypeInfo<T> typeInfo)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        if (value is T typed && stamp is null)
            return typed;

        if (IsAbsent)
            throw new JsonException("expected an object, but the member is missing");

        try
        {
            return JsonSerializer.Deserialize(ToUtf8().Span, typeInfo) ?? throw new JsonException("expected an object, received null");
        }
        catch (JsonException fault)
        {
            throw Part.Located(fault);
        }
    }

    /// <summary>The content as UTF-8 JSON; empty if it is absent.</summary>
    public ReadOnlyMemory<byte> ToUtf8() =>
        value is null || !utf8.IsEmpty ? utf8
        : stamp is null ? JsonSerializer.SerializeToUtf8Bytes(value, typeInfo!)
        : StampedJson.ToUtf8(value, typeInfo!, stamp.Json);

    /// <summary>The same with its bytes beside it, for what is sent again and again; the value must not change from now on.</summary>
    public JsonBody WithBytes() => value is null ? this : new JsonBody(value, typeInfo!, ToUtf8());

    /// <summary>The content as an element that outlives the message.</summary>
    public JsonElement ToElement()
    {
        if (value is not null && stamp is null)
            return JsonSerializer.SerializeToElement(value, typeInfo!);

        var reader = new Utf8JsonReader(ToUtf8().Span);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The content as text, for logs.</summary>
    public override string ToString() => Encoding.UTF8.GetString(ToUtf8().Span);

    /// <summary>A value with members in its <c>_meta</c>, which are put in when it is written; it must have no <c>_meta</c> of its own.</summary>
    internal bool TryStamp(MetaStamp members, out JsonBody stamped)
    {
        var mayBe = value is not null && utf8.IsEmpty && stamp is null;
        stamped = mayBe ? new JsonBody(value!, typeInfo!, default, members) : default;
        return mayBe;
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (stamp is not null)
            StampedJson.Write(writer, value!, typeInfo!, stamp.Json);
        else if (value is not null && utf8.IsEmpty)
            JsonSerializer.Serialize(writer, value, typeInfo!);
        else
            writer.WriteRawValue(utf8.Span, skipInputValidation: true);
    }

    /// <summary>Converters may write raw JSON that nobody has checked. The other side would refuse the whole message, and could not say which.</summary>
    private static void RequireOneValue(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
        }
    }
}
