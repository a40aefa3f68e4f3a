namespace OnlyMcp.Client.Authorization;

/// <summary>Who the client is already, without asking anybody.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/client-registration §Authorization Server Binding</remarks>
internal sealed class KnownClients(ClientAuthorization options)
{
    /// <summary>The client that asks for itself at an authorization server.</summary>
    /// <exception cref="AuthorizationException">The host names none for it.</exception>
    public ClientCredentials For(string issuer) => Configured(issuer)
        ?? (options.ClientIdMetadataDocument is { } document ? new ClientCredentials { ClientId = document.OriginalString } : null)
        ?? throw new AuthorizationException(
            AuthorizationStep.Registration,
            $"A program that asks for itself must be known to {AuthorizationException.Cite(issuer)} beforehand: add it to ClientAuthorization.Clients"
            + (options.Clients.Count > 0 ? ", where there are others, for other authorization servers." : "."));

    /// <summary>The client that tokens were issued to; null if nobody knows it any more.</summary>
    public ClientCredentials? Of(StoredTokens tokens)
    {
        var key = tokens.Key;
        var configured = options.Clients.FirstOrDefault(client => client.ClientId == key.ClientId && (client.Issuer ?? key.Issuer) == key.Issuer);
        if (configured is not null)
            return configured;
        if (options.ClientIdMetadataDocument is { } document && document.OriginalString == key.ClientId)
            return new ClientCredentials { ClientId = key.ClientId };

        // MUST NOT: what one authorization server gave is shown to no other.
        return tokens.Registration is { } registered && registered.ClientId == key.ClientId && registered.Issuer == key.Issuer ? registered : null;
    }

    /// <summary>Whether the host knows the client, and it did not register by itself.</summary>
    public bool IsTheHosts(ClientCredentials client) =>
        options.Clients.Contains(client) || client.ClientId == options.ClientIdMetadataDocument?.OriginalString;

    /// <summary>
    /// MUST NOT: a secret that was shown to one authorization server is shown to no other, only because the MCP server names another now.
    /// </summary>
    /// <exception cref="AuthorizationException">That would be so: the host has not said whose the secret is.</exception>
    public void RequireUnmoved(TokenKey before, string issuer)
    {
        if (before.Issuer == issuer || Configured(issuer) is not { Issuer: null, ClientSecret: not null } client || client.ClientId != before.ClientId)
            return;

        throw new AuthorizationException(
            AuthorizationStep.Registration,
            $"The MCP server trusted {AuthorizationException.Cite(before.Issuer)} until now, and names {AuthorizationException.Cite(issuer)}. The "
            + $"secret of the client {AuthorizationException.Cite(client.ClientId)} is not shown there: if the server has moved, say with "
            + "ClientCredentials.Issuer whose it is.");
    }

    private ClientCredentials? Configured(string issuer) =>
        options.Clients.FirstOrDefault(client => client.Issuer == issuer) ?? options.Clients.FirstOrDefault(client => client.Issuer is null);
}
