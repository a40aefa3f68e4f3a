using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Knows the clients of an authorization server: its operator's, those that registered, and those that have a document.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Client Registration</remarks>
internal sealed class ClientDirectory(AuthorizationServer server) : IClientDirectory
{
    private readonly ClientDocuments documents = new(server, ClientDocuments.NewHttp(server.Options));

    public ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        if (server.Options.Clients.FirstOrDefault(client => client.ClientId == clientId) is { } known)
            return new(known.ExpiresAt <= server.Time.GetUtcNow() ? null : known with { IsVouchedFor = true });

        // SHOULD: what looks like an address is the address of a document.
        return clientId.Contains("://", StringComparison.Ordinal)
            ? documents.FindAsync(clientId, cancellationToken)
            : server.Registrations.FindAsync(clientId, cancellationToken);
    }
}
