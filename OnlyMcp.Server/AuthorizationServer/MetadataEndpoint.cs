using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>What the server tells about itself, to everybody. Nothing in it comes from the request.</summary>
/// <remarks>
/// <para>RFC 8414; also under the name that OpenID Connect has for it, where some clients look first.</para>
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery
/// Spec: 2025-03-26 basic/authorization §Server Metadata Discovery
/// </remarks>
internal sealed class MetadataEndpoint(AuthorizationServer server) : IOAuthEndpoint
{
    /// <summary>MUST: at the root of the host, with the issuer's path behind it if it has one. OpenID Connect puts that before it as well.</summary>
    public IReadOnlyCollection<string> Paths =>
    [
        WellKnown.AuthorizationServerPath + server.IssuerPath,
        WellKnown.OpenIdPath + server.IssuerPath,
        WellKnown.AuthorizationServerPath,
        WellKnown.OpenIdPath,
    ];

    public IReadOnlyList<string> Verbs { get; } = ["GET", "HEAD"];

    public bool IsForEveryOrigin => true;

    public ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken) =>
        OAuthReply.SendJsonAsync(http, 200, Metadata(), OAuthJson.Wire.AuthorizationServerMetadata, server.Time, "public, max-age=300");

    private AuthorizationServerMetadata Metadata()
    {
        var (self, options) = (server.Self, server.Options);
        return new AuthorizationServerMetadata
        {
            Issuer = self.Text,
            AuthorizationEndpoint = self.Below(options.AuthorizePath),
            TokenEndpoint = self.Below(options.TokenPath),
            RegistrationEndpoint = server.Answers(options.RegisterPath) ? self.Below(options.RegisterPath) : null,
            RevocationEndpoint = self.Below(options.RevokePath),
            JwksUri = self.Below(options.KeysPath),
            ScopesSupported = server.Scopes.Count == 0 ? null : [.. server.Scopes.Keys],
            ResponseTypesSupported = ["code"],
            GrantTypesSupported = [.. server.Grants.Select(grant => grant.Type)],
            TokenEndpointAuthMethodsSupported = ClientAuthentication.Methods,
            TokenEndpointAuthSigningAlgValuesSupported = SignatureAlgorithm.Names,
            ClientIdMetadataDocumentSupported = options.AllowsClientDocuments ? true : null,

            // MUST: said here, or no client goes on (PKCE), and said because it is done (RFC 9207).
            CodeChallengeMethodsSupported = [Pkce.Method],
            AuthorizationResponseIssParameterSupported = true,
        };
    }
}
