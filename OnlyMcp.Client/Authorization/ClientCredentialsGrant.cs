using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// A program gets tokens for itself, with the credentials of one of <see cref="ClientAuthorization.Clients"/>. No person is asked.
/// </summary>
/// <remarks>Spec: ext-auth oauth-client-credentials §Client Credentials Flow</remarks>
public sealed class ClientCredentialsGrant : AuthorizationGrant
{
    internal override string Extension => "io.modelcontextprotocol/oauth-client-credentials";

    internal override ValueTask<IReadOnlyList<KeyValuePair<string, string>>> PresentAsync(
        GrantContext context, CancellationToken cancellationToken)
    {
        if (context.Client is { ClientSecret: null, PrivateKeyPem: null })
        {
            throw new AuthorizationException(
                AuthorizationStep.Token,
                "A program that asks for itself proves who it is: give the client in ClientAuthorization.Clients a secret or a private key.");
        }

        return new([new("grant_type", GrantType.ClientCredentials)]);
    }
}
