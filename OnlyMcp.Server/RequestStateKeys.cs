using System.Security.Cryptography;

namespace OnlyMcp.Server;

/// <summary>Ready-made keys for the state that a server lets its clients keep.</summary>
public static class RequestStateKeys
{
    /// <summary>
    /// Random keys that this process makes for itself, a new one every so often. A request that was interrupted by a question cannot go on
    /// after a restart, nor at another server.
    /// </summary>
    /// <param name="rotateEvery">How long a key seals; it opens for as long again. A day by default; no less than the state's
    /// lifetime.</param>
    /// <param name="timeProvider">The clock.</param>
    public static IRequestStateKeys InProcess(TimeSpan? rotateEvery = null, TimeProvider? timeProvider = null) =>
        new RotatingKeys(rotateEvery ?? TimeSpan.FromDays(1), timeProvider ?? TimeProvider.System);

    /// <summary>
    /// Given secrets, the same on every server that stands for this one. The first seals, all open: to change secrets, let every server
    /// know
    /// the new one as its second, then put it first, and leave the old one out when its last state has expired.
    /// </summary>
    /// <param name="secrets">At least 32 random bytes each; what seals is derived from them, so that they may serve other purposes
    /// too.</param>
    /// <exception cref="ArgumentException">There is none, or one is too short.</exception>
    public static IRequestStateKeys FromSecrets(params IReadOnlyList<byte[]> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        return secrets.Count > 0
            ? new GivenKeys([.. secrets.Select(secret => new RequestStateKey(NameOf(secret), secret.ToArray()))])
            : throw new ArgumentException("There is no secret.", nameof(secrets));
    }

    // Derived, and short: it lets nobody find the secret, and every server finds the same name.
    private static string NameOf(byte[] secret) =>
        Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 4, info: "OnlyMcp request state key name"u8.ToArray()));

    private sealed class GivenKeys(RequestStateKey[] keys) : IRequestStateKeys
    {
        public RequestStateKey Current => keys[0];

        public RequestStateKey? Find(string id) => Array.Find(keys, key => key.Id == id);
    }

    private sealed class RotatingKeys(TimeSpan rotateEvery, TimeProvider time) : IRequestStateKeys
    {
        private readonly Lock gate = new();
        private RequestStateKey current = NewKey();
        private RequestStateKey? previous;
        private long since = time.GetTimestamp();

        public RequestStateKey Current
        {
            get
            {
                lock (gate)
                {
                    Rotate();
                    return current;
                }
            }
        }

        public RequestStateKey? Find(string id)
        {
            lock (gate)
            {
                Rotate();
                return current.Id == id ? current : previous?.Id == id ? previous : null;
            }
        }

        private void Rotate()
        {
            var age = time.GetElapsedTime(since);
            if (age < rotateEvery)
                return;

            previous = age < rotateEvery * 2 ? current : null;
            current = NewKey();
            since = time.GetTimestamp();
        }

        private static RequestStateKey NewKey() =>
            new(RandomNumberGenerator.GetHexString(8, lowercase: true), RandomNumberGenerator.GetBytes(RequestStateKey.MinSecretBytes));
    }
}
