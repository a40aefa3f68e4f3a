using System.Text.Json.Nodes;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>Our client and an authorization server, made known to each other.</summary>
internal sealed class KnownClient : IDisposable
{
    public const string Password = "secret";

    private const string Secret = "a secret: with + and %";

    private static readonly Uri Document = new("https://client.example/mcp.json");

    /// <summary>Where browsers come back to. Nobody listens there: they go no further.</summary>
    public static Uri Callback { get; } = new("http://127.0.0.1:33418/callback");

    private readonly KnownAs how;
    private readonly JwtSigner key = JwtSigner.NewEcdsa("of-the-client");

    public KnownClient(KnownAs how, AuthorizationGrant? grant = null)
    {
        this.how = how;
        Authorization = new ClientAuthorization
        {
            ClientName = "interop",
            SignIn = grant is null ? Person.ByDelegate(Callback.AbsoluteUri) : null,
            Grant = grant,
            Tokens = new InMemoryTokenStore(),
            ClientIdMetadataDocument = how == KnownAs.Document ? Document : null,
            Clients = how switch
            {
                KnownAs.Public => [new ClientCredentials { ClientId = "known" }],
                KnownAs.Secret => [new ClientCredentials { ClientId = "known", ClientSecret = Secret }],
                KnownAs.Key =>
                    [new ClientCredentials { ClientId = "known", PrivateKeyPem = key.ExportPkcs8Pem(), PrivateKeyId = key.KeyId }],
                _ => [],
            },
        };
    }

    public HeadlessSignIn Person { get; } = new("ada", Password);

    public ClientAuthorization Authorization { get; init; }

    /// <summary>What the authorization server is told of the client, see oidc-provider.mjs.</summary>
    public JsonObject ForProvider => how switch
    {
        KnownAs.Document => new()
        {
            ["documents"] = new JsonObject { [Document.AbsoluteUri] = JsonNode.Parse(Authorization.ToClientIdMetadataDocument(Callback)) },
        },
        KnownAs.Registered => [],
        _ => new() { ["clients"] = new JsonArray(Metadata()) },
    };

    /// <summary>Whether a client id is what such a client has.</summary>
    public static bool Fits(KnownAs how, string? id, string document) => how switch
    {
        KnownAs.Document => id == document,
        KnownAs.Registered => id is not (null or "known") && id != document,
        _ => id == "known",
    };

    /// <summary>Whether the client was known in this way when it got the tokens for a server.</summary>
    public async Task<bool> WasKnownAtAsync(string server) =>
        Fits(how, (await Authorization.Tokens.FindLatestAsync(server, Authorization.Profile))?.Key.ClientId, Document.AbsoluteUri);

    public void Dispose()
    {
        Person.Dispose();
        key.Dispose();
    }

    private JsonObject Metadata()
    {
        var metadata = new JsonObject
        {
            ["client_id"] = "known",
            ["application_type"] = "native",
            ["token_endpoint_auth_method"] = how switch
            {
                KnownAs.Secret => ClientAuthMethod.ClientSecretBasic,
                KnownAs.Key => ClientAuthMethod.PrivateKeyJwt,
                _ => ClientAuthMethod.None,
            },
        };
        if (how == KnownAs.Secret)
            metadata["client_secret"] = Secret;
        if (how == KnownAs.Key)
        {
            metadata["jwks"] = new JsonObject { ["keys"] = new JsonArray(key.PublicKey.ToJson()) };
            metadata["token_endpoint_auth_signing_alg"] = key.Algorithm;
        }

        var isPerson = Authorization.Grant is null;
        metadata["grant_types"] = isPerson
            ? new JsonArray(GrantType.AuthorizationCode, GrantType.RefreshToken)
            : new JsonArray(GrantType.ClientCredentials);
        metadata["response_types"] = isPerson ? new JsonArray("code") : [];
        metadata["redirect_uris"] = isPerson ? new JsonArray(Callback.AbsoluteUri) : [];
        return metadata;
    }
}
