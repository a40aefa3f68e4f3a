using System.Buffers;
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

    /// <param name="value">The value.</param>
    /// <param name="typeInfo">Writes it.</param>
    /// <param name="meta">An object that is written as its <c>_meta</c>; empty for none.</param>
    private JsonBody(object value, JsonTypeInfo typeInfo, ReadOnlyMemory<byte> meta = default)
    {
        this.value = value;
        this.typeInfo = typeInfo;
        utf8 = meta;
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

    /// <summary>Whether the member is absent from its message.</summary>
    public bool IsAbsent => value is null && utf8.IsEmpty;

    /// <summary>The value as it was given by the sender of this message, or null if the message was received as bytes.</summary>
    public object? Value => value;

    private bool IsStamped => value is not null && !utf8.IsEmpty;

    /// <summary>
    /// The parameters with <paramref name="meta"/>, a JSON object, as their <c>_meta</c>, which is put in as it stands when they are written.
    /// </summary>
    /// <returns>False where they have a <c>_meta</c>, or could have one: see <see cref="ParamsMeta"/>.</returns>
    public bool TryStamp(ReadOnlyMemory<byte> meta, out JsonBody stamped)
    {
        var mayBe = value is RequestParams { Meta: null } && utf8.IsEmpty;
        stamped = mayBe ? new JsonBody(value!, typeInfo!, meta) : default;
        return mayBe;
    }

    /// <summary>Reads the content as a <typeparamref name="T"/>.</summary>
    /// <exception cref="JsonException">The content is absent, null or of another shape; the message says where.</exception>
    public T Read<T>(JsonTypeInfo<T> typeInfo)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        if (value is T typed && !IsStamped)
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
    public ReadOnlyMemory<byte> ToUtf8()
    {
        if (value is null)
            return utf8;

        return IsStamped ? StampedJson.ToUtf8(value, typeInfo!, utf8.Span) : JsonSerializer.SerializeToUtf8Bytes(value, typeInfo!);
    }

    /// <summary>The content as an element that outlives the message.</summary>
    public JsonElement ToElement()
    {
        if (value is not null && !IsStamped)
            return JsonSerializer.SerializeToElement(value, typeInfo!);

        var reader = new Utf8JsonReader(ToUtf8().Span);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The content as text, for logs.</summary>
    public override string ToString() => Encoding.UTF8.GetString(ToUtf8().Span);

    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (IsStamped)
            StampedJson.Write(writer, value!, typeInfo!, utf8.Span);
        else if (value is not null)
            JsonSerializer.Serialize(writer, value, typeInfo!);
        else if (utf8.Span.ContainsAny(LineBreaks))
            ToElement().WriteTo(writer); // MUST: a message on stdio holds no line break; JSON has them only between tokens.
        else
            writer.WriteRawValue(utf8.Span, skipInputValidation: true);
    }

    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);
}
