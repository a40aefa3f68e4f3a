using System.Buffers.Text;
using System.Security.Cryptography;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>The keys that tokens are signed with: a new one now and then, the old ones as long as tokens of theirs are good.</summary>
/// <remarks>They are kept in the store, where several servers share them: each looks once a minute for what the others did.</remarks>
internal sealed class KeyRing(AuthorizationServer server)
{
    private const string Key = "signing";
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    // Longer than a server, and a cache before the published keys, may go without a look at them.
    private static readonly TimeSpan Announced = TimeSpan.FromMinutes(10);

    private readonly Shelf<KeptKeys> shelf = new(server.Store, "keys", KeptJson.Default.KeptKeys);
    private volatile Ring? ring;

    /// <summary>What tokens are signed with now.</summary>
    public async ValueTask<JwtSigner> SignerAsync(CancellationToken cancellationToken) =>
        (await CurrentAsync(cancellationToken).ConfigureAwait(false)).SignerAt(server.Time.GetUtcNow());

    /// <summary>What the signatures of all tokens that are good are checked with.</summary>
    public async ValueTask<JsonWebKeySet> PublicAsync(CancellationToken cancellationToken) =>
        (await CurrentAsync(cancellationToken).ConfigureAwait(false)).Public;

    /// <summary>The seal of something: nobody else can make one that fits.</summary>
    public async ValueTask<byte[]> SealAsync(byte[] bytes, CancellationToken cancellationToken) =>
        HMACSHA256.HashData((await CurrentAsync(cancellationToken).ConfigureAwait(false)).Seal, bytes);

    private async ValueTask<Ring> CurrentAsync(CancellationToken cancellationToken) =>
        ring is { } known && server.Time.GetElapsedTime(known.LoadedAt) < Recheck && server.Time.GetUtcNow() < known.Due
            ? known
            : ring = await LoadAsync(cancellationToken).ConfigureAwait(false);

    private async ValueTask<Ring> LoadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = server.Time.GetUtcNow();
            var kept = await shelf.FindAsync(Key, cancellationToken).ConfigureAwait(false);
            if (kept?.Value.Keys is [.., var newest] && now < newest.Since + server.Options.KeyLifetime)
                return Open(kept.Value, now);

            // Whoever is second here finds that the version has changed, and takes what the first one wrote.
            var renewed = Renew(kept?.Value, now);
            if (await shelf.TryWriteAsync(Key, renewed, kept, null, cancellationToken).ConfigureAwait(false))
                return Open(renewed, now);
        }
    }

    private KeptKeys Renew(KeptKeys? before, DateTimeOffset now)
    {
        using var signer = JwtSigner.NewEcdsa();
        return new KeptKeys
        {
            Keys = StillNeeded([.. before?.Keys ?? [], new(signer.KeyId!, signer.ExportPkcs8Pem(), now)], now),
            Seal = before?.Seal ?? Secret.New(),
        };
    }

    private Ring Open(KeptKeys kept, DateTimeOffset now)
    {
        var known = ring?.Keys.ToDictionary(key => key.Signer.KeyId!, key => key.Signer) ?? [];
        return new Ring(
            [.. StillNeeded(kept.Keys, now).Select(key => new SigningKey(
                known.GetValueOrDefault(key.KeyId) ?? JwtSigner.FromPem(key.Pem, null, key.KeyId), key.Since))],
            Base64Url.DecodeFromChars(kept.Seal),
            kept.Keys[^1].Since + server.Options.KeyLifetime,
            server.Time.GetTimestamp());
    }

    /// <summary>A key signs its last token when the next one has come, and everybody knows it; that token lives on for a while.</summary>
    private KeptKey[] StillNeeded(IReadOnlyList<KeptKey> keys, DateTimeOffset now) =>
        [.. keys.Where((_, at) => at == keys.Count - 1 || now <= keys[at + 1].Since + Announced + Recheck + server.Options.AccessTokenLifetime)];

    private sealed record SigningKey(JwtSigner Signer, DateTimeOffset Since);

    private sealed record Ring(IReadOnlyList<SigningKey> Keys, byte[] Seal, DateTimeOffset Due, long LoadedAt)
    {
        public JsonWebKeySet Public { get; } = new(Keys.Select(key => key.Signer.PublicKey));

        /// <summary>The newest that everybody knows; the first there ever was signs at once.</summary>
        public JwtSigner SignerAt(DateTimeOffset now) => (Keys.LastOrDefault(key => key.Since + Announced <= now) ?? Keys[0]).Signer;
    }
}
