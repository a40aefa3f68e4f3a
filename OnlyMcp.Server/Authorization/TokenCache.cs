using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OnlyMcp.Server.Authorization;

/// <summary>What was found out about tokens, for a while; the least recently used is forgotten when there are too many.</summary>
/// <param name="time">The clock.</param>
/// <param name="capacity">How many.</param>
internal sealed class TokenCache<T>(TimeProvider time, int capacity = 10_000)
{
    // What is kept of a token is about as long as it is.
    private const long MaxLetters = 16 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<TokenDigest, LinkedListNode<Entry>> byDigest = [];
    private readonly LinkedList<Entry> byUse = new();
    private long letters;

    /// <summary>How often everything was forgotten: what was found out before that is not to be remembered after it.</summary>
    public int Generation { get; private set; }

    /// <summary>What is known of a token; the default if nothing is.</summary>
    public T? Find(TokenDigest digest)
    {
        lock (gate)
        {
            if (!byDigest.TryGetValue(digest, out var node))
                return default;
            if (node.Value.Until <= time.GetUtcNow())
            {
                Remove(node);
                return default;
            }

            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value.Found;
        }
    }

    /// <summary>Remembers what was found out in that generation.</summary>
    /// <param name="digest">Of which token.</param>
    /// <param name="length">How long that is.</param>
    /// <param name="found">What was found out.</param>
    /// <param name="until">How long it is true.</param>
    /// <param name="generation">What <see cref="Generation"/> was when somebody began to find out.</param>
    public void Add(TokenDigest digest, int length, T found, DateTimeOffset until, int generation)
    {
        lock (gate)
        {
            if (generation != Generation)
                return;
            if (byDigest.TryGetValue(digest, out var old))
                Remove(old);

            byDigest[digest] = byUse.AddFirst(new Entry(digest, length, found, until));
            letters += length;
            while (byDigest.Count > capacity || letters > MaxLetters)
                Remove(byUse.Last!);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (gate)
        {
            Generation++;
            byDigest.Clear();
            byUse.Clear();
            letters = 0;
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        byDigest.Remove(node.Value.Digest);
        byUse.Remove(node);
        letters -= node.Value.Length;
    }

    private readonly record struct Entry(TokenDigest Digest, int Length, T Found, DateTimeOffset Until);
}

/// <summary>Stands for a token where the token itself must not lie about: its SHA-256.</summary>
internal readonly record struct TokenDigest(UInt128 High, UInt128 Low)
{
    public static TokenDigest Of(string token)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(token.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        try
        {
            SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(token, bytes)), hash);
            return MemoryMarshal.Read<TokenDigest>(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}
