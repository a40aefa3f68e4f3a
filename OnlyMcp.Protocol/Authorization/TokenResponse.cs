using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Authorization;

/// <summary>What a token endpoint answers when it agrees.</summary>
/// <remarks>RFC 6749 §5.1, and RFC 8693 §2.2.1 for an exchange.</remarks>
public sealed record TokenResponse
{
    /// <summary>The token. Never logged.</summary>
    public required string AccessToken { get; init; }

    /// <summary>
    /// How it is used: <c>Bearer</c> or <c>DPoP</c>; <c>N_A</c> for what an exchange gives that is no access token. It has to be said, and
    /// null, where a server forgot to, is read as <c>Bearer</c>.
    /// </summary>
    public string? TokenType { get; init; }

    /// <summary>How many seconds it is good for; null if that is not said.</summary>
    public long? ExpiresIn { get; init; }

    /// <summary>What the next token is asked for with; null if there is none. Never logged.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>What it allows, separated by spaces; null if that is all that was asked for.</summary>
    [JsonConverter(typeof(ScopeTextConverter))]
    public string? Scope { get; init; }

    /// <summary>What an exchange gave.</summary>
    public string? IssuedTokenType { get; init; }

    /// <summary>Without the tokens: it may stand in a log.</summary>
    public override string ToString() => $"a token of type {TokenType ?? "unknown"}";
}
