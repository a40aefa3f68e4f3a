using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>
/// Writes an object with one member more, which is there as JSON already. The writer of JSON cannot add to what it has closed: so the object
/// is written aside, in a place that each thread keeps, and what is copied from there lacks its last brace.
/// </summary>
internal static class StampedJson
{
    /// <summary>A thread keeps no more than this.</summary>
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static Place? idle;

    /// <summary>Writes the object where the writer stands.</summary>
    public static void Write(Utf8JsonWriter writer, object value, JsonTypeInfo typeInfo, ReadOnlySpan<byte> meta)
    {
        var place = Take();
        writer.WriteRawValue(place.Compose(value, typeInfo, meta), skipInputValidation: true);
        Keep(place);
    }

    /// <summary>The object as bytes of its own; without the member if that is empty.</summary>
    public static byte[] ToUtf8(object value, JsonTypeInfo typeInfo, ReadOnlySpan<byte> meta)
    {
        var place = Take();
        var utf8 = place.Compose(value, typeInfo, meta).ToArray();
        Keep(place);
        return utf8;
    }

    /// <summary>Taken while it is in use, and lost if that fails.</summary>
    private static Place Take()
    {
        var place = idle ?? new Place();
        idle = null;
        return place;
    }

    private static void Keep(Place place)
    {
        if (place.Capacity <= MostKept)
            idle = place;
        else
            place.Dispose();
    }

    private sealed class Place : IDisposable
    {
        private readonly PooledBuffer output = new();
        private readonly Utf8JsonWriter writer;

        public Place() => writer = new Utf8JsonWriter(output, JsonRpcWriter.Options);

        public int Capacity => output.Capacity;

        /// <summary>The object, until the next one.</summary>
        public ReadOnlySpan<byte> Compose(object value, JsonTypeInfo typeInfo, ReadOnlySpan<byte> meta)
        {
            output.Clear();
            writer.Reset();
            JsonSerializer.Serialize(writer, value, typeInfo);
            writer.Flush();
            if (meta.IsEmpty)
                return output.Written.Span;

            output.TakeBack(1);
            output.Write(output.Length > 1 ? ",\"_meta\":"u8 : "\"_meta\":"u8);
            output.Write(meta);
            output.Write("}"u8);
            return output.Written.Span;
        }

        public void Dispose() => output.Dispose();
    }
}
