using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Where programs register themselves.</summary>
/// <remarks>
/// RFC 7591 §3.
/// Spec: 2025-03-26 basic/authorization §Dynamic Client Registration
/// Spec: 2026-07-28 basic/authorization/client-registration §Dynamic Client Registration
/// </remarks>
internal sealed class RegistrationEndpoint(AuthorizationServerOptions options, ClientRegistrations registrations) : IOAuthEndpoint
{
    private readonly ClientMetadataRules rules = new(options);

    public IReadOnlyCollection<string> Paths { get; } = AuthorizationServerOptions.Both(options.RegisterPath, AuthorizationServerOptions.Defaults.Register);

    public IReadOnlyList<string> Verbs { get; } = ["POST"];

    public bool IsForEveryOrigin => true;

    public async ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        registrations.Take(options.ClientAddress(http));
        var said = await ReadAsync(http, cancellationToken).ConfigureAwait(false);
        var client = await registrations.AddAsync(rules.Accept(said, ClientAuthMethod.ClientSecretBasic), cancellationToken).ConfigureAwait(false);
        await OAuthReply.SendJsonAsync(http, 201, client, OAuthJson.Wire.ClientMetadata, options.TimeProvider).ConfigureAwait(false);
    }

    private async ValueTask<ClientMetadata> ReadAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        using var body = await OAuthBody.ReadJsonAsync(http, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        return ClientMetadataRules.Parse(body.Written.Span, "The body");
    }
}
