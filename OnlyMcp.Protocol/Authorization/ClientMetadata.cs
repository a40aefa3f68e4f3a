using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Authorization;

/// <summary>What a client tells about itself: when it registers, in the answer to that, or in a document that its client id points to.</summary>
/// <remarks>
/// RFC 7591 §2 and §3.2.1.
/// Spec: 2026-07-28 basic/authorization/client-registration §Client ID Metadata Documents
/// </remarks>
public sealed record ClientMetadata
{
    /// <summary>The client's id: in an answer the one that was given, in a document its own address. Absent in a registration.</summary>
    public string? ClientId { get; init; }

    /// <summary>The client's secret, in an answer.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>When the id was given, in seconds since 1970.</summary>
    public long? ClientIdIssuedAt { get; init; }

    /// <summary>When the secret expires, in seconds since 1970; 0 for never.</summary>
    public long? ClientSecretExpiresAt { get; init; }

    /// <summary>A name for people.</summary>
    public string? ClientName { get; init; }

    /// <summary>A page about the client.</summary>
    public string? ClientUri { get; init; }

    /// <summary>A picture of it.</summary>
    public string? LogoUri { get; init; }

    /// <summary>Where answers of the authorization endpoint may go.</summary>
    public IReadOnlyList<string>? RedirectUris { get; init; }

    /// <summary>What it will ask tokens for; <see cref="GrantType"/>.</summary>
    public IReadOnlyList<string>? GrantTypes { get; init; }

    /// <summary>What it will ask the authorization endpoint for; <c>code</c>.</summary>
    public IReadOnlyList<string>? ResponseTypes { get; init; }

    /// <summary>How it proves who it is at the token endpoint; <see cref="ClientAuthMethod"/>.</summary>
    public string? TokenEndpointAuthMethod { get; init; }

    /// <summary>The algorithm with which it signs such a proof.</summary>
    public string? TokenEndpointAuthSigningAlg { get; init; }

    /// <summary>The scopes that it may ask for, separated by spaces.</summary>
    [JsonConverter(typeof(ScopeTextConverter))]
    public string? Scope { get; init; }

    /// <summary><c>native</c> for programs on a person's machine, <c>web</c> for those on a server.</summary>
    public string? ApplicationType { get; init; }

    /// <summary>Whom to write to.</summary>
    public IReadOnlyList<string>? Contacts { get; init; }

    /// <summary>The terms of service.</summary>
    public string? TosUri { get; init; }

    /// <summary>A page on how data is used.</summary>
    public string? PolicyUri { get; init; }

    /// <summary>Where its public keys are.</summary>
    public string? JwksUri { get; init; }

    /// <summary>Its public keys.</summary>
    public JsonElement? Jwks { get; init; }

    /// <summary>A name for the program, the same for all its installations.</summary>
    public string? SoftwareId { get; init; }

    /// <summary>The program's version.</summary>
    public string? SoftwareVersion { get; init; }

    /// <summary>Without the secret: it may stand in a log.</summary>
    public override string ToString() => $"client {ClientId ?? "without an id"}, {ClientName ?? "without a name"}";
}
