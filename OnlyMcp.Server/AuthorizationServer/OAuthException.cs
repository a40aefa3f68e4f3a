using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Answer with this error of OAuth.</summary>
/// <param name="error">A word that programs know, see <see cref="OAuthErrorCode"/>.</param>
/// <param name="description">What is wrong and what to do, for developers; without secrets, in ASCII without quotation marks.</param>
/// <param name="status">The HTTP status, where the answer goes to the client itself.</param>
internal sealed class OAuthException(string error, string description, int status = 400) : Exception(description)
{
    public string Error { get; } = error;

    public int Status { get; } = status;

    /// <summary>How long the client should wait, where the answer tells it to.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The answer's body.</summary>
    public OAuthError ToError() => new() { Error = Error, ErrorDescription = Message };
}
