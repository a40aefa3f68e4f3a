using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>The serializer's own converter for a type that is written as text, narrowed to one spelling that a schema can state.</summary>
internal sealed class TextConverter<T>(TextForm form, JsonConverter<T> inner, Func<T, T>? adjust = null) : JsonConverter<T>, IWireShape
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !form.Matches(reader.GetString()!)) throw new ExpectationException(form.Expected);
        try
        {
            return Adjusted(inner.Read(ref reader, typeToConvert, options)!);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw new ExpectationException(form.Expected);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => inner.Write(writer, value, options);

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (!form.Matches(reader.GetString()!)) throw new ExpectationException(form.Expected);
        try
        {
            return Adjusted(inner.ReadAsPropertyName(ref reader, typeToConvert, options));
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw new ExpectationException(form.Expected);
        }
    }

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        inner.WriteAsPropertyName(writer, value!, options);

    public JsonObject Shape()
    {
        var shape = new JsonObject { ["type"] = "string" };
        if (form.Format is not null) shape["format"] = form.Format;
        if (form.Encoding is not null) shape["contentEncoding"] = form.Encoding;
        shape["pattern"] = form.Pattern.ToString();
        return shape;
    }

    public JsonObject NameShape() => new() { ["pattern"] = form.Pattern.ToString() };

    private T Adjusted(T value) => adjust is null ? value : adjust(value);
}
