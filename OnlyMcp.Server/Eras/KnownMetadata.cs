using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server.Eras;

/// <summary>
/// The metadata of earlier requests, by its bytes. A modern client sends the same with each request, and parsing it would cost a small
/// call more than all the rest.
/// </summary>
/// <remarks>
/// Nothing passes from one client to another: what is found here has exactly the bytes that came. It holds a few dozen entries of
/// bounded size, whoever sends what; one that falls on another's place takes it.
/// </remarks>
internal sealed class KnownMetadata
{
    private const int Places = 64;
    private const int MostBytes = 1024;

    private readonly Entry?[] entries = new Entry?[Places];

    /// <summary>Parses metadata, or copies what the same bytes were parsed to.</summary>
    /// <exception cref="RefusedRequestException">A member has the wrong shape (-32602, 400).</exception>
    public RequestMeta Parse(ReadOnlyMemory<byte> utf8)
    {
        ref var place = ref entries[PlaceOf(utf8.Span)];
        if (Volatile.Read(ref place) is { } known && known.Utf8.AsSpan().SequenceEqual(utf8.Span))
            return known.Meta with { };

        var meta = RequestMetadata.Parse(utf8);

        // What differs from request to request, such as a progress token or a trace, would only push out what does not.
        if (utf8.Length <= MostBytes && meta is { ProgressToken: null, Other: null })
            Volatile.Write(ref place, new Entry(utf8.ToArray(), meta with { }));
        return meta;
    }

    private static int PlaceOf(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode(); // Seeded anew by each process: nobody outside can aim at a place.
        hash.AddBytes(utf8[..Math.Min(utf8.Length, MostBytes)]);
        return (hash.ToHashCode() & int.MaxValue) % Places;
    }

    private sealed record Entry(byte[] Utf8, RequestMeta Meta);
}
