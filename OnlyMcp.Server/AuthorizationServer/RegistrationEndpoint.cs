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
internal sealed class RegistrationEndpoint(AuthorizationServer server) : IOAuthEndpoint
{
    private readonly ClientMetadataRules rules = new(server);

    public IReadOnlyCollection<string> Paths { get; } =
        AuthorizationServerOptions.Both(server.Options.RegisterPath, AuthorizationServerOptions.Defaults.Register);

    public IReadOnlyList<string> Verbs { get; } = ["POST"];

    public bool IsForEveryOrigin => true;

    public async ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        server.Registrations.Take(server.Options.ClientAddress(http));
        var said = await ReadAsync(http, cancellationToken).ConfigureAwait(false);
        var metadata = rules.Accept(said, ClientAuthMethod.ClientSecretBasic);
        var client = await server.Registrations.AddAsync(metadata, cancellationToken).ConfigureAwait(false);
        await OAuthReply.SendJsonAsync(http, 201, client, OAuthJson.Wire.ClientMetadata, server.Time).ConfigureAwait(false);
    }

    private async ValueTask<ClientMetadata> ReadAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        using var body = await OAuthBody.ReadJsonAsync(http, server.Time, cancellationToken).ConfigureAwait(false);
        return ClientMetadataRules.Parse(body.Written.Span, "The body");
    }
}
