using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Knows the clients of an authorization server: those of its operator, those that registered, and those that have a document.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Client Registration</remarks>
internal sealed class ClientDirectory(AuthorizationServerOptions options, ClientRegistrations registrations, ClientDocuments documents) : IClientDirectory
{
    public ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        if (options.Clients.FirstOrDefault(client => client.ClientId == clientId) is { } known)
            return new(known.ExpiresAt <= options.TimeProvider.GetUtcNow() ? null : known with { IsVouchedFor = true });

        // SHOULD: what looks like an address is the address of a document.
        return clientId.Contains("://", StringComparison.Ordinal)
            ? documents.FindAsync(clientId, cancellationToken)
            : registrations.FindAsync(clientId, cancellationToken);
    }
}
