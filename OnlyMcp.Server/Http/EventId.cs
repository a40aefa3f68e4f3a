using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace OnlyMcp.Server.Http;

/// <summary>The id of an event: its stream, and its position there.</summary>
/// <remarks>
/// Streams have names at random, so that an id means something in its own session alone.
/// Spec: 2025-11-25 basic/transports §Resumability and Redelivery
/// </remarks>
internal readonly record struct EventId(string Stream, long Position)
{
    private const int NameLength = 16;

    /// <summary>A name for a stream that no other stream has.</summary>
    public static string NewStream() => RandomNumberGenerator.GetHexString(NameLength, lowercase: true);

    /// <summary>Reads an id that a client sends; false for one that was never given out in this form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EventId id)
    {
        id = default;
        if (text is not { Length: > NameLength + 1 and < 40 } || text[NameLength] != '-'
            || !long.TryParse(text.AsSpan(NameLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return false;
        }

        id = new EventId(text[..NameLength], position);
        return true;
    }

    // SHOULD: the id leads to its stream. MUST: it is unique among all streams of its session.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stream}-{Position}");
}
