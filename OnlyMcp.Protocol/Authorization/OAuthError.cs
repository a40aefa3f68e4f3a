namespace OnlyMcp.Protocol.Authorization;

/// <summary>What an endpoint of OAuth answers when it refuses.</summary>
/// <remarks>RFC 6749 §5.2.</remarks>
public sealed record OAuthError
{
    /// <summary>Why, in a word that programs know; <see cref="OAuthErrorCode"/>.</summary>
    public required string Error { get; init; }

    /// <summary>Why, for developers.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>A page about it.</summary>
    public string? ErrorUri { get; init; }
}

/// <summary>The words with which OAuth refuses.</summary>
public static class OAuthErrorCode
{
    /// <summary>Something is missing, doubled or malformed.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The client is unknown, or did not prove who it is.</summary>
    public const string InvalidClient = "invalid_client";

    /// <summary>The code, refresh token or assertion is wrong, used, expired, or somebody else's.</summary>
    public const string InvalidGrant = "invalid_grant";

    /// <summary>The client may not do this.</summary>
    public const string UnauthorizedClient = "unauthorized_client";

    /// <summary>Nothing is given for what was presented.</summary>
    public const string UnsupportedGrantType = "unsupported_grant_type";

    /// <summary>The authorization endpoint does not answer in the way asked for.</summary>
    public const string UnsupportedResponseType = "unsupported_response_type";

    /// <summary>A scope is unknown, malformed, or more than was granted.</summary>
    public const string InvalidScope = "invalid_scope";

    /// <summary>The resource is unknown here (RFC 8707).</summary>
    public const string InvalidTarget = "invalid_target";

    /// <summary>The person, or the server, said no.</summary>
    public const string AccessDenied = "access_denied";

    /// <summary>Something broke.</summary>
    public const string ServerError = "server_error";

    /// <summary>Too much to do; later it may work.</summary>
    public const string TemporarilyUnavailable = "temporarily_unavailable";

    /// <summary>A redirect URI cannot be registered (RFC 7591).</summary>
    public const string InvalidRedirectUri = "invalid_redirect_uri";

    /// <summary>Something else of a registration does not fit (RFC 7591).</summary>
    public const string InvalidClientMetadata = "invalid_client_metadata";

    /// <summary>The access token is expired, revoked, malformed or for somebody else (RFC 6750).</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>The access token does not allow this (RFC 6750).</summary>
    public const string InsufficientScope = "insufficient_scope";

    /// <summary>The proof of possession must carry the nonce that comes along (RFC 9449).</summary>
    public const string UseDpopNonce = "use_dpop_nonce";

    /// <summary>The proof of possession is wrong (RFC 9449).</summary>
    public const string InvalidDpopProof = "invalid_dpop_proof";
}

/// <summary>What tokens are given for.</summary>
public static class GrantType
{
    /// <summary>A code that a person's sign-in came to.</summary>
    public const string AuthorizationCode = "authorization_code";

    /// <summary>A refresh token.</summary>
    public const string RefreshToken = "refresh_token";

    /// <summary>The client's own credentials, without a person.</summary>
    public const string ClientCredentials = "client_credentials";

    /// <summary>A signed assertion (RFC 7523).</summary>
    public const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <summary>Another token (RFC 8693).</summary>
    public const string TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
}

/// <summary>How a client proves who it is at the token endpoint.</summary>
public static class ClientAuthMethod
{
    /// <summary>It does not; it has no secret.</summary>
    public const string None = "none";

    /// <summary>Its secret, in the Authorization header.</summary>
    public const string ClientSecretBasic = "client_secret_basic";

    /// <summary>Its secret, in the body.</summary>
    public const string ClientSecretPost = "client_secret_post";

    /// <summary>An assertion that it signed (RFC 7523).</summary>
    public const string PrivateKeyJwt = "private_key_jwt";
}
