using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Authorization;

/// <summary>What a client is told that comes without a token, or with one that is not enough: where to get one, and for what.</summary>
/// <remarks>
/// RFC 6750 §3.
/// Spec: 2026-07-28 basic/authorization §Error Handling
/// Spec: 2026-07-28 basic/authorization §Scope Selection Strategy
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements
/// </remarks>
internal static class Challenges
{
    public const string Header = "WWW-Authenticate";

    private const int LongestDescription = 200;

    /// <summary>The value of the header.</summary>
    /// <param name="scheme">How the client has sent its token, or should.</param>
    /// <param name="at">What it wanted.</param>
    /// <param name="scopes">What it needs; nothing is said of that if there are none.</param>
    /// <param name="error">What is wrong with the token; null if none came.</param>
    /// <param name="description">The same for a developer.</param>
    public static string Of(string scheme, ResourceAddress at, IEnumerable<string> scopes, string? error = null, string? description = null)
    {
        var said = new List<KeyValuePair<string, string>>(5);
        if (error is not null)
            said.Add(new("error", error));
        if (description is not null)
            said.Add(new("error_description", Plain(description)));
        if (ScopeSet.Format(scopes) is { Length: > 0 } needed)
            said.Add(new("scope", needed));
        said.Add(new("resource_metadata", at.Metadata));
        if (scheme == Credentials.Dpop)
            said.Add(new("algs", ProofsOfPossession.Algorithms));
        return new AuthenticationChallenge(scheme, said).ToString();
    }

    /// <summary>Puts the challenge on the response and gives what is thrown.</summary>
    public static RefusedRequestException Refuse(HttpExchange http, int status, string challenge, string words)
    {
        http.SetResponseHeader(Header, challenge);
        return new RefusedRequestException(status, ErrorCode.InvalidRequest, words);
    }

    // The words may be a stranger's: no letter that would have to be escaped, and not too many of them.
    private static string Plain(string words) =>
        (words.Length > LongestDescription ? words[..LongestDescription] : words).Replace('"', '\'').Replace('\\', '/');
}
