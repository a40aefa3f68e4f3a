using System.Text;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>How a client shows who it is where it calls by itself: by a secret, by something that it signed, or not at all.</summary>
/// <remarks>
/// RFC 6749 §2.3 and §5.2, RFC 7523 §2.2.
/// Spec: 2026-07-28 basic/authorization/client-registration §Pre-registration
/// Spec: ext-auth oauth-client-credentials §Client Authentication Methods
/// </remarks>
internal sealed class ClientAuthentication(AuthorizationServer server)
{
    /// <summary>The methods that this server tells of in its metadata.</summary>
    public static IReadOnlyList<string> Methods { get; } =
        [ClientAuthMethod.None, ClientAuthMethod.ClientSecretBasic, ClientAuthMethod.ClientSecretPost, ClientAuthMethod.PrivateKeyJwt];

    // Compared with where there is nothing to compare with, so that a client which is not known takes as long.
    private static readonly string NobodysHash = Secret.HashOf(Secret.New());

    private readonly ClientAssertions assertions = new(server);

    /// <summary>Whether a client has something to show, so that nobody else can pass for it.</summary>
    public static bool HasCredentials(RegisteredClient client) =>
        client.SecretHash is not null || client.Metadata is { TokenEndpointAuthMethod: ClientAuthMethod.PrivateKeyJwt, Jwks: not null };

    /// <summary>The client that sent a request.</summary>
    /// <exception cref="OAuthException">It is unknown, or did not show that it is the one (401).</exception>
    public async ValueTask<RegisteredClient> AuthenticateAsync(
        HttpExchange http, OAuthParameters request, CancellationToken cancellationToken)
    {
        var header = http.Header("Authorization");
        var basic = header is null ? null : Basic(header);

        // MUST: one way at a time. Which of two would count is what an attacker would like to choose.
        if ((basic is null ? 0 : 1) + (request["client_secret"] is null ? 0 : 1) + (request["client_assertion"] is null ? 0 : 1) > 1)
            throw new OAuthException(OAuthErrorCode.InvalidRequest, "The client shows who it is in more than one way; one is enough.");
        if (basic is not null && request["client_id"] is { } named && named != basic.Value.Id)
            throw new OAuthException(OAuthErrorCode.InvalidRequest, "client_id names another client than the Authorization header.");
        if (request["client_assertion"] is { } assertion)
            return await assertions.CheckAsync(assertion, request, cancellationToken).ConfigureAwait(false);

        var secret = basic?.Secret ?? request["client_secret"];
        if ((basic?.Id ?? request["client_id"]) is not { } id)
            throw Refused("The client does not say who it is: send client_id, or the Authorization header.");

        var client = await server.Clients.FindAsync(id, cancellationToken).ConfigureAwait(false);
        return secret is null ? WithoutSecret(client) : WithSecret(client, secret);
    }

    private static RegisteredClient WithoutSecret(RegisteredClient? client)
    {
        if (client is null)
            throw Unknown();

        var isPublic = !HasCredentials(client) && client.Metadata.TokenEndpointAuthMethod is ClientAuthMethod.None or null;
        var method = client.Metadata.TokenEndpointAuthMethod ?? ClientAuthMethod.ClientSecretBasic;
        return isPublic ? client : throw Refused($"This client shows who it is by {method}.");
    }

    /// <summary>Choice: a client that has a secret may send it in the header or in the body, whichever of the two it registered.</summary>
    private static RegisteredClient WithSecret(RegisteredClient? client, string secret)
    {
        var isRight = Secret.AreSame(Secret.HashOf(secret), client?.SecretHash ?? NobodysHash);
        return isRight && client is { SecretHash: not null } ? client : throw Unknown();
    }

    /// <summary>The same words for both: whose ids are known here is nobody's business.</summary>
    private static OAuthException Unknown() =>
        Refused("The client is not known here, its time is over, or its secret is wrong: register again, or mend the secret.");

    private static OAuthException Refused(string words) => new(OAuthErrorCode.InvalidClient, words, 401);

    /// <summary>The id and the secret of the header, each of which is encoded as in a form before the two are put together.</summary>
    private static (string Id, string Secret)? Basic(string header)
    {
        try
        {
            if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
                throw Refused("Clients show who they are with the scheme Basic, or in the body.");

            var text = Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..].Trim()));
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var (id, secret) = (OAuthParameters.Decode(text.AsSpan(0, Math.Max(colon, 0))), OAuthParameters.Decode(text.AsSpan(colon + 1)));
            return id.Length > 0 && secret.Length > 0 ? (id, secret) : throw new FormatException();
        }
        catch (Exception fault) when (fault is FormatException or OAuthException { Error: OAuthErrorCode.InvalidRequest })
        {
            throw Refused("The Authorization header holds no id and secret: each form-encoded, a colon between them, all in base64.");
        }
    }
}
