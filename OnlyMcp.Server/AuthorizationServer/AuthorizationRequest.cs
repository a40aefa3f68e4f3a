using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>What a client sends a person's browser with.</summary>
/// <remarks>
/// OAuth 2.1 §4.1.1.
/// Spec: 2026-07-28 basic/authorization §Authorization Flow Steps
/// Spec: 2026-07-28 basic/authorization/security-considerations §Open Redirection
/// </remarks>
internal sealed record AuthorizationRequest
{
    public required RegisteredClient Client { get; init; }

    public required ReturnAddress Return { get; init; }

    /// <summary>What the client shows of the secret that it will redeem the code with.</summary>
    public required string Challenge { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required string Resource { get; init; }

    /// <summary>Whether the client wants the person to be asked, whatever was answered before.</summary>
    public bool WantsConsent { get; init; }

    /// <summary>Which client asks, and where the answer goes. MUST: until both are proven, nothing goes anywhere.</summary>
    /// <exception cref="OAuthException">Is told to the person, on a page of ours.</exception>
    public static async ValueTask<(RegisteredClient Client, ReturnAddress Return)> IdentifyAsync(
        AuthorizationServer server, OAuthParameters request, CancellationToken cancellationToken)
    {
        var client = await server.Clients.FindAsync(request.Require("client_id"), cancellationToken).ConfigureAwait(false)
            ?? throw new OAuthException(
                OAuthErrorCode.InvalidClient, "The program that sent you here is not known here, or not any more. Let it register again.");

        // Choice: who has registered one address need not name it.
        var registered = client.Metadata.RedirectUris;
        var address = request["redirect_uri"] ?? (registered is [var only] ? only : request.Require("redirect_uri"));
        return RedirectUri.IsRegistered(address, registered)
            ? (client, new ReturnAddress(address, request["state"], server.Issuer))
            : throw new OAuthException(
                OAuthErrorCode.InvalidRequest, "The program that sent you here wants the answer at an address that it has not registered.");
    }

    /// <summary>Everything else.</summary>
    /// <exception cref="OAuthException">Is told to the client.</exception>
    public static AuthorizationRequest Read(AuthorizationServer server, OAuthParameters request, RegisteredClient client, ReturnAddress address)
    {
        if (request.Require("response_type") != "code" || client.Metadata.ResponseTypes?.Contains("code") == false)
            throw new OAuthException(OAuthErrorCode.UnsupportedResponseType, "The response_type is code.");
        if (client.Metadata.GrantTypes?.Contains(GrantType.AuthorizationCode) == false)
            throw new OAuthException(OAuthErrorCode.UnauthorizedClient, "The client is not registered for authorization_code.");
        if (request["response_mode"] is not (null or "query"))
            throw new OAuthException(OAuthErrorCode.InvalidRequest, "The response_mode is query.");

        // MUST: no code without a proof key, and none that could be read off the request.
        var challenge = request.Require("code_challenge");
        if (request["code_challenge_method"] != Pkce.Method || challenge.Length != 43 || !Pkce.IsVerifier(challenge))
        {
            throw new OAuthException(
                OAuthErrorCode.InvalidRequest, "PKCE is S256: code_challenge_method=S256, with a code_challenge of 43 characters.");
        }

        return new AuthorizationRequest
        {
            Client = client,
            Return = address,
            Challenge = challenge,
            Scopes = ScopesOf(server, request["scope"]),
            Resource = Target.Choose(request, server),
            WantsConsent = request["prompt"]?.Split(' ').Contains("consent") == true,
        };
    }

    private static IReadOnlyList<string> ScopesOf(AuthorizationServer server, string? asked)
    {
        if (asked is null)
            return server.UsualScopes;

        string[] words = asked.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.All(server.Scopes.ContainsKey) && words.Length > 0
            ? [.. words.Distinct()]
            : throw new OAuthException(
                OAuthErrorCode.InvalidScope, "A scope is not known here; scopes_supported of the metadata lists those that are.");
    }
}
