using System.Text.Json;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Keeps what an authorization server must not forget: clients, codes, grants, consents and keys.</summary>
/// <remarks>
/// <para>
/// What a method has returned from is kept. An entry is replaced as a whole, and only by whoever knew its newest version, so that of two
/// who redeem a code at the same moment one is told no. An entry whose time is over is not found any more. All methods may be called at
/// the same time, by several servers on one store.
/// </para>
/// <para>Secrets stand in it as digests; only the signing keys stand in it as they are.</para>
/// </remarks>
public interface IAuthorizationStore
{
    /// <summary>The entry of that kind and key; null if there is none, or its time is over.</summary>
    ValueTask<StoredEntry?> FindAsync(string kind, string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps an entry under its kind and key. False, and nothing happens, if the one that is kept is not of
    /// <paramref name="expectedVersion"/>; null expects that there is none.
    /// </summary>
    /// <exception cref="AuthorizationStoreFullException">There is no room for it.</exception>
    ValueTask<bool> TryWriteAsync(StoredEntry entry, long? expectedVersion, CancellationToken cancellationToken = default);

    /// <summary>Forgets an entry, whatever its version; does nothing if there is none.</summary>
    ValueTask RemoveAsync(string kind, string key, CancellationToken cancellationToken = default);
}

/// <summary>One entry of an <see cref="IAuthorizationStore"/>.</summary>
public sealed record StoredEntry
{
    /// <summary>What it is, such as <c>client</c>: a word of lower case letters.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is found by among those of its kind; any text of at most 2000 characters.</summary>
    public required string Key { get; init; }

    /// <summary>What it holds.</summary>
    public required JsonElement Value { get; init; }

    /// <summary>Counts its changes: 1 for a new one, and the expected version and one for one that replaces another.</summary>
    public required long Version { get; init; }

    /// <summary>When its time is over; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Nothing of its value, which may be a signing key.</summary>
    public override string ToString() => $"{Kind}, version {Version}";
}

/// <summary>A store has no room for another entry.</summary>
/// <param name="message">Which limit was met.</param>
public sealed class AuthorizationStoreFullException(string message) : Exception(message);
