namespace OnlyMcp.Client.Authorization;

/// <summary>Keeps tokens and registrations, so that a person signs in once: in this process, in files, or in a system's key chain.</summary>
/// <remarks>
/// <para>
/// MUST: it keeps them from everybody else. All methods may be called at the same time. What they throw ends the call that needed a token;
/// tokens that could not be saved are used all the same, and a warning is logged.
/// </para>
/// Spec: 2026-07-28 basic/authorization/security-considerations §Token Theft
/// </remarks>
public interface ITokenStore
{
    /// <summary>The tokens of that key; null if there are none.</summary>
    ValueTask<StoredTokens?> FindAsync(TokenKey key, CancellationToken cancellationToken = default);

    /// <summary>The tokens saved last for a resource and profile, whoever issued them: a program that starts need not ask around first.</summary>
    ValueTask<StoredTokens?> FindLatestAsync(string resource, string profile, CancellationToken cancellationToken = default);

    /// <summary>Keeps tokens in the place of those of the same key.</summary>
    ValueTask SaveAsync(StoredTokens tokens, CancellationToken cancellationToken = default);

    /// <summary>Forgets the tokens of that key; does nothing if there are none.</summary>
    ValueTask RemoveAsync(TokenKey key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps others away from the tokens of that key until what is returned is disposed: a refresh token is good for one use. A key whose
    /// client has no id stands for the sign-in itself, which takes minutes.
    /// </summary>
    /// <exception cref="TimeoutException">Somebody else has them for longer than the store waits.</exception>
    ValueTask<IAsyncDisposable> LockAsync(TokenKey key, CancellationToken cancellationToken = default);

    /// <summary>What an authorization server registered a profile's client as; null if it did not.</summary>
    ValueTask<ClientCredentials?> FindRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default);

    /// <summary>Keeps a registration, by its issuer and profile.</summary>
    ValueTask SaveRegistrationAsync(string profile, ClientCredentials client, CancellationToken cancellationToken = default);

    /// <summary>Forgets a registration; does nothing if there is none.</summary>
    ValueTask RemoveRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default);
}

/// <summary>What tokens are kept by. MUST: tokens of one authorization server, client, resource or person are never used for another.</summary>
/// <param name="Issuer">The authorization server that issued them.</param>
/// <param name="ClientId">The client that they were issued to.</param>
/// <param name="Resource">The MCP server that they are for: its canonical URI.</param>
/// <param name="Profile">Whose they are: <see cref="ClientAuthorization.Profile"/>.</param>
public sealed record TokenKey(string Issuer, string ClientId, string Resource, string Profile);

/// <summary>Tokens as they are kept. Never logged.</summary>
public sealed record StoredTokens
{
    /// <summary>What they are kept by.</summary>
    public required TokenKey Key { get; init; }

    /// <summary>The token that requests carry.</summary>
    public required string AccessToken { get; init; }

    /// <summary>How it is sent: <c>Bearer</c> or <c>DPoP</c>.</summary>
    public string TokenType { get; init; } = "Bearer";

    /// <summary>When it expires; null if nobody said.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the next one is asked for with; null if there is nothing.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>What it allows, as far as is known.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>All that has been asked for so far; a later sign-in asks for that and more.</summary>
    public IReadOnlyList<string> RequestedScopes { get; init; } = [];

    /// <summary>When it was issued, by our clock.</summary>
    public DateTimeOffset ObtainedAt { get; init; }

    /// <summary>Names the sign-in, or the grant, that they come from; the tokens that follow by refreshing keep it.</summary>
    public string SignInId { get; init; } = "";

    /// <summary>
    /// The client that they were issued to, where it registered by itself: it alone may renew them, whatever has been registered since.
    /// Null where the host knows it.
    /// </summary>
    public ClientCredentials? Registration { get; init; }

    /// <summary>The key that its sender must prove to have (RFC 9449), PKCS #8 in PEM; null if it has none.</summary>
    public string? ProofKey { get; init; }

    /// <summary>Without the tokens: it may stand in a log.</summary>
    public override string ToString() => $"tokens of {Key}";
}
