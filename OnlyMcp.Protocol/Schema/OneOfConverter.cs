using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Schema;

// One of several records, told apart by what is in the object.
// (Polymorphism by attributes answers an object without `type` with NotSupportedException: a peer's mistake would look like ours.)
internal abstract class OneOfConverter<T> : JsonConverter<T> where T : class
{
    // A null in a list gets past the nullable annotations otherwise.
    public override bool HandleNull => true;

    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(writer, value, options.GetTypeInfo(value.GetType()));
    }

    protected static TOne Read<TOne>(ref Utf8JsonReader reader, JsonSerializerOptions options) where TOne : T
    {
        return Part.Read<TOne>(ref reader, options);
    }
}
