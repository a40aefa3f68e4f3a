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
    public async ValueTask<ClientCredentials?> FindAsync(TokenKey key, CancellationToken cancellationToken)
    {
        var configured = options.Clients.FirstOrDefault(client => client.ClientId == key.ClientId && (client.Issuer ?? key.Issuer) == key.Issuer);
        if (configured is not null)
            return configured;
        if (options.ClientIdMetadataDocument is { } document && document.OriginalString == key.ClientId)
            return new ClientCredentials { ClientId = key.ClientId };

        // MUST NOT: what one authorization server gave is shown to no other.
        var registered = await options.Tokens.FindRegistrationAsync(key.Issuer, options.Profile, cancellationToken).ConfigureAwait(false);
        return registered?.ClientId == key.ClientId ? registered : null;
    }

    private ClientCredentials? Configured(string issuer) =>
        options.Clients.FirstOrDefault(client => client.Issuer == issuer) ?? options.Clients.FirstOrDefault(client => client.Issuer is null);
}
