using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>One of the things that the token endpoint gives tokens for.</summary>
internal interface IGrant
{
    /// <summary>Its name on the wire; see <see cref="GrantType"/>.</summary>
    string Type { get; }

    /// <summary>Gives the tokens that a client, who has shown who it is and may use this grant, asks for.</summary>
    /// <exception cref="OAuthException">It does not get them.</exception>
    ValueTask<TokenResponse> IssueAsync(RegisteredClient client, OAuthParameters request, CancellationToken cancellationToken);
}
