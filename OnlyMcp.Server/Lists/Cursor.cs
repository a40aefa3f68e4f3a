using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OnlyMcp.Server.Lists;

/// <summary>Where a page ended: the last thing on it, by number and by a digest of its name, always 27 characters on the wire.</summary>
/// <remarks>
/// The check at its end tells a cursor from anything else; it is no secret, since a forged one shows nothing that listing does not.
/// Spec: 2026-07-28 server/utilities/pagination §Response Format
/// </remarks>
internal readonly struct Cursor
{
    private const int NumberBytes = 8;
    private const int NameBytes = 8;
    private const int CheckBytes = 4;
    private const int AllBytes = NumberBytes + NameBytes + CheckBytes;

    private readonly ulong name;

    private Cursor(long number, ulong name)
    {
        Number = number;
        this.name = name;
    }

    /// <summary>The number of the last thing on the page.</summary>
    public long Number { get; }

    /// <summary>The cursor that goes on behind an offer.</summary>
    public static string After<T>(Offer<T> offer, string method)
    {
        Span<byte> bytes = stackalloc byte[AllBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, offer.Number);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[NumberBytes..], offer.Digest);
        WriteCheck(bytes[..^CheckBytes], method, bytes[^CheckBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor; null if it is none of this method's.</summary>
    public static Cursor? Parse(string text, string method)
    {
        Span<byte> bytes = stackalloc byte[AllBytes];
        if (text.Length != Base64Url.GetEncodedLength(AllBytes) || !Base64Url.IsValid(text))
            return null;
        if (Base64Url.DecodeFromChars(text, bytes) != AllBytes)
            return null;

        Span<byte> check = stackalloc byte[CheckBytes];
        WriteCheck(bytes[..^CheckBytes], method, check);
        return check.SequenceEqual(bytes[^CheckBytes..])
            ? new Cursor(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[NumberBytes..]))
            : null;
    }

    /// <summary>Whether it goes on behind this offer.</summary>
    public bool Names<T>(Offer<T> offer) => name == offer.Digest;

    public static ulong DigestOf(string key) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static void WriteCheck(ReadOnlySpan<byte> bytes, string method, Span<byte> check) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(method), .. bytes]).AsSpan(0, CheckBytes).CopyTo(check);
}
