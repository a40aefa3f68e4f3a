using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>Finds out who a client is to an authorization server, and registers it there if it is nobody yet.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization §Client Registration
/// Spec: 2026-07-28 basic/authorization/client-registration §Authorization Server Binding
/// </remarks>
internal sealed class Registrar(GuardedHttp http, ClientAuthorization options, TimeProvider time)
{
    /// <summary>A secret that expires before a person has signed in is as good as expired.</summary>
    private static readonly TimeSpan SignInTime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// SHOULD: credentials of the host come first, then the document about the client, then a registration, made earlier or now, and last
    /// the host's developer is asked, by an error.
    /// </summary>
    /// <param name="plan">The authorization server.</param>
    /// <param name="redirectUri">Where its answer will go.</param>
    /// <param name="scopes">What will be asked for.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="AuthorizationException">There is no way to become its client, or it refused; told with what to do.</exception>
    public async Task<ClientCredentials> ClientForAsync(
        AuthorizationPlan plan, Uri redirectUri, IReadOnlyCollection<string> scopes, CancellationToken cancellationToken)
    {
        RedirectUri.Check(redirectUri);
        if (FindPreregistered(plan.Server) is { } known)
            return RedirectUri.IsAmong(redirectUri, known.RedirectUris) ? known : throw NotAmong(redirectUri, known, plan.Server);

        // SHOULD: only where the server says that it reads such documents. The id is no secret, and the same everywhere.
        if (plan.Server.ClientIdMetadataDocumentSupported == true && options.ClientIdMetadataDocument is { } document)
            return ClientIdDocument.ClientOf(options, document);

        var kept = await FindKeptAsync(plan.Server, redirectUri, cancellationToken).ConfigureAwait(false);
        if (kept is not null && (kept.Scopes.Count == 0 || scopes.All(kept.Scopes.Contains)))
            return kept;

        // Choice: a client that is to ask for more than it was registered with is registered anew, for some servers refuse it otherwise.
        return await RegisterAsync(plan, redirectUri, [.. scopes.Union(kept?.Scopes ?? [])], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The credentials that the host has given for an authorization server; null if it has given none at all, or the document's key alone.
    /// </summary>
    /// <exception cref="AuthorizationException">It has given some, and none for this one.</exception>
    private ClientCredentials? FindPreregistered(AuthorizationServerMetadata server)
    {
        var clients = options.Clients.Where(client => client.ClientId != options.ClientIdMetadataDocument?.OriginalString).ToArray();
        if (clients.Length == 0)
            return null;

        // SHOULD: an error is better than credentials that another server is not to see. MUST NOT: they are not used there.
        return clients.FirstOrDefault(client => client.Issuer == server.Issuer)
            ?? clients.FirstOrDefault(client => client.Issuer is null)
            ?? throw new AuthorizationException(
                AuthorizationStep.Registration,
                $"The MCP server trusts the authorization server {AuthorizationException.Cite(server.Issuer)}, and "
                + $"ClientAuthorization.Clients holds credentials for {string.Join(", ", clients.Select(client => client.Issuer))} "
                + "alone; they are not shown to another. If the server has moved, register there and add those credentials; the issuers "
                + "must be the same letter by letter.");
    }

    /// <summary>A registration made earlier. MUST: with this very server; one that no longer serves is forgotten.</summary>
    private async ValueTask<ClientCredentials?> FindKeptAsync(
        AuthorizationServerMetadata server, Uri redirectUri, CancellationToken cancellationToken)
    {
        var kept = await options.Tokens.FindRegistrationAsync(server.Issuer, options.Profile, cancellationToken).ConfigureAwait(false);
        if (kept is null || kept.Issuer != server.Issuer)
            return null;

        // Choice: the port counts too. Not every server lets it vary, and one that does not tells nobody but the person at the browser.
        if (!(kept.SecretExpiresAt <= time.GetUtcNow() + SignInTime) && kept.RedirectUris.Contains(RedirectUri.Text(redirectUri)))
            return kept;

        await options.Tokens.RemoveRegistrationAsync(server.Issuer, options.Profile, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<ClientCredentials> RegisterAsync(
        AuthorizationPlan plan, Uri redirectUri, IReadOnlyCollection<string> scopes, CancellationToken cancellationToken)
    {
        if (!options.RegistersDynamically || plan.Server.RegistrationEndpoint is not { } endpoint)
            throw Unknown(plan.Server, redirectUri);

        var registration = new Registration(http, plan, options);
        var client = await registration.SendAsync(new Uri(endpoint), redirectUri, scopes, cancellationToken).ConfigureAwait(false);
        await options.Tokens.SaveRegistrationAsync(options.Profile, client, cancellationToken).ConfigureAwait(false);
        return client;
    }

    private static AuthorizationException Unknown(AuthorizationServerMetadata server, Uri redirectUri)
    {
        var registers = server.RegistrationEndpoint is null ? "does not let clients register themselves"
            : "lets clients register themselves, which ClientAuthorization.RegistersDynamically forbids";
        var reads = server.ClientIdMetadataDocumentSupported != true ? "does not read documents about clients"
            : "reads documents about clients, of which ClientAuthorization.ClientIdMetadataDocument names none";
        return new(
            AuthorizationStep.Registration,
            $"The authorization server {AuthorizationException.Cite(server.Issuer)} {registers}, and {reads}. Register a client there by "
            + $"hand, with the redirect URI {RedirectUri.Text(redirectUri)}, and put its id, with the server's issuer, into "
            + "ClientAuthorization.Clients.");
    }

    private static AuthorizationException NotAmong(Uri redirectUri, ClientCredentials client, AuthorizationServerMetadata server) => new(
        AuthorizationStep.Registration,
        $"The answer of {AuthorizationException.Cite(server.Issuer)} would go to {RedirectUri.Text(redirectUri)}, which is not among the "
        + $"redirect URIs of the client {AuthorizationException.Cite(client.ClientId)} ({string.Join(", ", client.RedirectUris)}). "
        + "Register it there, or have the sign-in use one of these.");
}
