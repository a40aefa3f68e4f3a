using System.Security.Claims;

namespace OnlyMcp.Server.Authorization;

/// <summary>Finds out what an access token is worth: whether it is genuine, whose it is, and what it allows.</summary>
/// <remarks>
/// <para>
/// A verifier checks who made the token, and that it has not expired. The server then holds it against its own address and its own scopes,
/// whatever the verifier did. All calls may be made at the same time, one for each request: remember what was found.
/// </para>
/// Spec: 2026-07-28 basic/authorization §Token Handling
/// </remarks>
public interface ITokenVerifier
{
    /// <summary>What a token is worth.</summary>
    /// <param name="token">The token as it came. Never log it, and never put it into an exception.</param>
    /// <param name="cancellationToken">Is cancelled when the client has left.</param>
    /// <exception cref="InvalidTokenException">It is worth nothing: the client is told to get another (401).</exception>
    /// <exception cref="VerifierUnavailableException">That cannot be found out at the moment: the client is told to come back (503).</exception>
    ValueTask<AccessToken> VerifyAsync(string token, CancellationToken cancellationToken = default);
}

/// <summary>A token that was found to be genuine, without the token itself.</summary>
public sealed record AccessToken
{
    /// <summary>On whose behalf requests are made: an authenticated identity with the claim <c>sub</c>, whose issuer is the token's.</summary>
    public required ClaimsPrincipal Principal { get; init; }

    /// <summary>The authorization server that issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>The resources that it was issued for. MUST: it is refused by every other.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>What it allows.</summary>
    public required IReadOnlySet<string> Scopes { get; init; }

    /// <summary>When it expires; null if it does not say.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The client that it was issued to, where it says.</summary>
    public string? ClientId { get; init; }

    /// <summary>The thumbprint of the key that whoever sends it must prove to have (RFC 9449); null for whoever holds it.</summary>
    public string? KeyThumbprint { get; init; }
}

/// <summary>A token is worth nothing here.</summary>
/// <param name="message">Why, for the client's developer: in ASCII, and without anything of the token that is secret.</param>
/// <param name="innerException">What was the matter, if that was an exception.</param>
public sealed class InvalidTokenException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Nobody can say at the moment what a token is worth: the keys, or the server that knows, cannot be reached.</summary>
/// <param name="message">What cannot be reached, for the log.</param>
/// <param name="innerException">What was the matter, if that was an exception.</param>
public sealed class VerifierUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
