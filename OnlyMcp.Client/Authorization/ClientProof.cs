using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// How a client shows a token endpoint who it is: by a secret in a header or in the body, by an assertion that it signs, or not at all.
/// </summary>
/// <remarks>
/// RFC 6749 §2.3.1, RFC 7523 §2.2.
/// Spec: ext-auth oauth-client-credentials §Client Authentication Methods
/// </remarks>
internal static class ClientProof
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(1);

    /// <summary>Adds to a token request what proves who asks.</summary>
    /// <exception cref="AuthorizationException">The client lacks what its method needs.</exception>
    public static void Add(
        AuthorizationServerMetadata server, ClientCredentials client, List<KeyValuePair<string, string>> form,
        List<KeyValuePair<string, string>> headers, DateTimeOffset now)
    {
        switch (MethodOf(server, client))
        {
            case ClientAuthMethod.PrivateKeyJwt:
                form.Add(new("client_assertion_type", AssertionType));
                form.Add(new("client_assertion", AssertionOf(server, client, now)));
                break;
            case ClientAuthMethod.ClientSecretBasic:
                headers.Add(new("Authorization", "Basic " + BasicOf(client.ClientId, SecretOf(client))));
                break;
            case ClientAuthMethod.ClientSecretPost:
                form.Add(new("client_id", client.ClientId));
                form.Add(new("client_secret", SecretOf(client)));
                break;
            default:
                form.Add(new("client_id", client.ClientId));
                break;
        }
    }

    /// <summary>The method that was agreed on, or else the best that both sides can. A server that says nothing means Basic (RFC 8414 §2).</summary>
    public static string MethodOf(AuthorizationServerMetadata server, ClientCredentials client)
    {
        if (client.AuthMethod is { } agreed)
            return agreed;

        var supported = server.TokenEndpointAuthMethodsSupported;
        var isKeyTaken = client.ClientSecret is null || supported?.Contains(ClientAuthMethod.PrivateKeyJwt) == true;
        if (client.PrivateKeyPem is not null && isKeyTaken)
            return ClientAuthMethod.PrivateKeyJwt;
        if (client.ClientSecret is null)
            return ClientAuthMethod.None;

        return supported?.Contains(ClientAuthMethod.ClientSecretBasic) == false && supported.Contains(ClientAuthMethod.ClientSecretPost)
            ? ClientAuthMethod.ClientSecretPost
            : ClientAuthMethod.ClientSecretBasic;
    }

    private static string SecretOf(ClientCredentials client) => client.ClientSecret ?? throw new AuthorizationException(
        AuthorizationStep.Token,
        $"The client '{AuthorizationException.Cite(client.ClientId)}' is to prove itself with a secret, and has none: set ClientCredentials.ClientSecret.");

    /// <summary>Both parts are form-encoded before they are joined, so that a colon in one of them stays what it is.</summary>
    private static string BasicOf(string id, string secret) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(id)}:{WebUtility.UrlEncode(secret)}"));

    private static string AssertionOf(AuthorizationServerMetadata server, ClientCredentials client, DateTimeOffset now)
    {
        if (client.PrivateKeyPem is not { } pem)
        {
            throw new AuthorizationException(
                AuthorizationStep.Token,
                $"The client '{AuthorizationException.Cite(client.ClientId)}' is to sign an assertion, and has no key: set ClientCredentials.PrivateKeyPem.");
        }

        using var signer = SignerOf(pem, client);
        if (server.TokenEndpointAuthSigningAlgValuesSupported is { Count: > 0 } algorithms && !algorithms.Contains(signer.Algorithm))
        {
            throw new AuthorizationException(
                AuthorizationStep.Token,
                $"The client signs with {signer.Algorithm}, and {AuthorizationException.Cite(server.Issuer)} takes "
                + $"{AuthorizationException.Cite(string.Join(", ", algorithms))}. "
                + "Set ClientCredentials.SigningAlgorithm, or use a key of another kind.");
        }

        // Choice: pages differ on whether the assertion is for the issuer or for its token endpoint. It is for the issuer; RFC 7523 moves there.
        return signer.Sign(
            new JsonObject
            {
                ["iss"] = client.ClientId,
                ["sub"] = client.ClientId,
                ["aud"] = server.Issuer,
                ["jti"] = Guid.NewGuid().ToString("N"),
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = (now + AssertionLife).ToUnixTimeSeconds(),
            },
            "JWT");
    }

    private static JwtSigner SignerOf(string pem, ClientCredentials client)
    {
        try
        {
            return JwtSigner.FromPem(pem, client.SigningAlgorithm, client.PrivateKeyId);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            throw new AuthorizationException(AuthorizationStep.Token, $"ClientCredentials.PrivateKeyPem cannot be used: {fault.Message}", fault);
        }
    }
}
