using System.Text.Json.Serialization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>A code that was given out, found by its digest.</summary>
internal sealed record KeptCode
{
    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary>What the client showed of the secret that it will redeem the code with (PKCE).</summary>
    public required string Challenge { get; init; }

    public required string Subject { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required string Resource { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The grant that it was redeemed for; null as long as it was not.</summary>
    public string? GrantId { get; init; }
}

/// <summary>What a person, or an administrator, has allowed a client: every token belongs to one, and dies with it.</summary>
internal sealed record KeptGrant
{
    public required string ClientId { get; init; }

    public required string Subject { get; init; }

    /// <summary>Whether that is the client itself, and no person.</summary>
    public bool IsForItself { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required string Resource { get; init; }

    /// <summary>How many refresh tokens came before the one that is good now.</summary>
    public int Generation { get; init; }

    /// <summary>The digest of the refresh token that is good now; null if there is none.</summary>
    public string? RefreshHash { get; init; }

    public DateTimeOffset? RefreshExpiresAt { get; init; }
}

/// <summary>Somebody who is signed in on the pages, found by the digest of his cookie.</summary>
internal sealed record KeptSignIn(string Subject, string? Name, IReadOnlyList<string>? Scopes);

/// <summary>What a person has allowed a client before.</summary>
internal sealed record KeptConsent(IReadOnlyList<string> Scopes);

/// <summary>The server's own secrets.</summary>
internal sealed record KeptKeys
{
    /// <summary>What tokens are signed with, the oldest first.</summary>
    public required IReadOnlyList<KeptKey> Keys { get; init; }

    /// <summary>What refresh tokens are sealed with, in base64url.</summary>
    public required string Seal { get; init; }

    public override string ToString() => $"{Keys.Count} keys";
}

/// <summary>One key that tokens are signed with.</summary>
internal sealed record KeptKey(string KeyId, string Pem, DateTimeOffset Since)
{
    public override string ToString() => $"key {KeyId}";
}

/// <summary>How these become JSON and back.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptCode))]
[JsonSerializable(typeof(KeptGrant))]
[JsonSerializable(typeof(KeptSignIn))]
[JsonSerializable(typeof(KeptConsent))]
[JsonSerializable(typeof(KeptKeys))]
internal sealed partial class KeptJson : JsonSerializerContext;
