namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Knows the clients of an authorization server, however they came to be known.</summary>
internal sealed class ClientDirectory(AuthorizationServer server) : IClientDirectory
{
    public ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        new(server.Options.Clients.FirstOrDefault(client => client.ClientId == clientId));
}
