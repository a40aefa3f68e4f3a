using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>What discovery came to: where a token for an MCP server is to be had.</summary>
internal sealed record AuthorizationPlan
{
    /// <summary>What the MCP server says of itself; null if it says nothing.</summary>
    public ProtectedResourceMetadata? Resource { get; init; }

    /// <summary>The authorization server, its document checked.</summary>
    public required AuthorizationServerMetadata Server { get; init; }

    /// <summary>
    /// What tokens are asked for, letter by letter as the MCP server spells it; null where nothing of that kind is said, and the parameter
    /// is left out (2025-03-26).
    /// </summary>
    public string? ResourceIdentifier { get; init; }

    /// <summary>Whether the MCP server was taken for its own authorization server, because it named none.</summary>
    public bool IsLegacyFallback { get; init; }

    /// <summary>MUST: holds the authorization server against what a sign-in needs, before anybody is sent there.</summary>
    /// <remarks>Spec: 2026-07-28 basic/authorization/security-considerations §Authorization Code Protection</remarks>
    /// <exception cref="AuthorizationException">Something is missing.</exception>
    public void RequireSignIn()
    {
        if (Server.AuthorizationEndpoint is null)
        {
            throw Unfit("names no authorization_endpoint, so that nobody can sign in there. Use a grant that needs nobody "
                + "(ClientAuthorization.Grant)");
        }

        // MUST: without the method in its metadata the server does not have it, in documents of OpenID Connect as well.
        if (Server.CodeChallengeMethodsSupported?.Contains("S256") != true)
        {
            throw Unfit("does not say that it can do PKCE with S256 (code_challenge_methods_supported), without which somebody could use a "
                + "code that they caught. Its operator has to turn that on");
        }

        if (Server.ResponseTypesSupported?.Contains("code") == false)
            throw Unfit("gives no codes (response_types_supported), which is the one answer that a client may ask for");
        if (Server.GrantTypesSupported?.Contains(GrantType.AuthorizationCode) == false)
            throw Unfit("gives no tokens for codes (grant_types_supported). Use a grant that needs no sign-in (ClientAuthorization.Grant)");
    }

    private AuthorizationException Unfit(string what) =>
        new(AuthorizationStep.Discovery, $"The authorization server {AuthorizationException.Cite(Server.Issuer)} {what}.");
}
