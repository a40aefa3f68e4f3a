namespace OnlyMcp.Server;

/// <summary>
/// The secrets under which a server seals what it lets its clients keep for it. Servers that stand for one share them: a request that one
/// of them could not finish may come back to any.
/// </summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/mrtr §Security Considerations</remarks>
public interface IRequestStateKeys
{
    /// <summary>Seals from now on.</summary>
    RequestStateKey Current { get; }

    /// <summary>The key of that name, while what it has sealed may still come back; null if there is none.</summary>
    RequestStateKey? Find(string id);
}

/// <summary>A secret of a server, and the name by which it is found again.</summary>
public sealed class RequestStateKey
{
    /// <summary>How short a secret may be, in bytes.</summary>
    public const int MinSecretBytes = 32;

    /// <summary>Gives a secret its name.</summary>
    /// <param name="id">Its name, up to 64 letters of ASCII; clients can see it.</param>
    /// <param name="secret">At least 32 bytes that nobody can guess.</param>
    /// <exception cref="ArgumentException">The name is empty or too long, or the secret is too short.</exception>
    public RequestStateKey(string id, ReadOnlyMemory<byte> secret)
    {
        if (id is not { Length: > 0 and <= 64 } || !System.Text.Ascii.IsValid(id))
            throw new ArgumentException("A key's name is up to 64 letters of ASCII.", nameof(id));
        if (secret.Length < MinSecretBytes)
            throw new ArgumentException(
                $"A secret has at least {MinSecretBytes} bytes, such as those of RandomNumberGenerator.GetBytes.", nameof(secret));
        (Id, Secret) = (id, secret);
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>The secret itself.</summary>
    public ReadOnlyMemory<byte> Secret { get; }

    /// <summary>The name alone: a secret has no place in a log.</summary>
    public override string ToString() => Id;
}
