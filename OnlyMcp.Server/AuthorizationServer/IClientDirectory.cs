namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Knows the clients of an authorization server, however they came to be known.</summary>
internal interface IClientDirectory
{
    /// <summary>The client of this id; null if there is none, or its time is over.</summary>
    /// <exception cref="OAuthException">The id could be one, but what it stands for does not hold; the message is shown to the person.</exception>
    ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken);
}
