using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>
/// What a client gets its next access token with. It says which grant it belongs to and which of that grant's tokens it is, under a seal:
/// so an old one is known for what it is without keeping all that ever were, and nobody can end another's grant with an invented one.
/// </summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Generation">How many came before it.</param>
/// <param name="Text">As it travels; the store keeps its digest.</param>
internal sealed record RefreshToken(string GrantId, int Generation, string Text)
{
    private const int IdBytes = 16;
    private const int ChanceBytes = 16;
    private const int SealBytes = 32;
    private const int Bytes = IdBytes + sizeof(int) + ChanceBytes + SealBytes;

    /// <summary>Nothing of the token: it has no place in a log.</summary>
    public override string ToString() => $"refresh token {Generation}";

    /// <summary>The name of a new grant, of a kind that fits in here.</summary>
    public static string NewGrantId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    public static async ValueTask<RefreshToken> NewAsync(string grantId, int generation, KeyRing keys, CancellationToken cancellationToken)
    {
        var content = new byte[Bytes - SealBytes];
        Base64Url.DecodeFromChars(grantId, content);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(IdBytes), generation);
        RandomNumberGenerator.Fill(content.AsSpan(IdBytes + sizeof(int)));
        byte[] all = [.. content, .. await keys.SealAsync(content, cancellationToken).ConfigureAwait(false)];
        return new RefreshToken(grantId, generation, Base64Url.EncodeToString(all));
    }

    /// <summary>Reads one; null if it is none of this server's.</summary>
    public static async ValueTask<RefreshToken?> ParseAsync(string text, KeyRing keys, CancellationToken cancellationToken)
    {
        var bytes = new byte[Bytes];
        if (text.Length != Base64Url.GetEncodedLength(Bytes) || !Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text, bytes) != Bytes)
            return null;

        var content = bytes[..^SealBytes];
        var seal = await keys.SealAsync(content, cancellationToken).ConfigureAwait(false);
        if (!CryptographicOperations.FixedTimeEquals(seal, bytes.AsSpan(Bytes - SealBytes)))
            return null;

        var grantId = Base64Url.EncodeToString(content.AsSpan(0, IdBytes));
        return new RefreshToken(grantId, BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(IdBytes)), text);
    }
}
