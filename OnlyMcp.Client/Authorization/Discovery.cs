using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// Finds out where tokens for an MCP server are to be had: first from the server itself, then from the authorization server that it names.
/// </summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location
/// Spec: 2025-03-26 basic/authorization §Server Metadata Discovery
/// </remarks>
internal sealed class Discovery(GuardedHttp http, ClientAuthorization options, IReadOnlyList<Revision> revisions)
{
    private readonly ResourceSearch resources = new(http);
    private readonly ServerSearch servers = new(http);

    /// <summary>The way to a token.</summary>
    /// <param name="server">The address that was asked.</param>
    /// <param name="challenges">What it answered with: the challenges of its 401.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="AuthorizationException">Nothing was found, or something that must not be used.</exception>
    public async Task<AuthorizationPlan> DiscoverAsync(
        Uri server, IReadOnlyList<AuthenticationChallenge> challenges, CancellationToken cancellationToken)
    {
        // A fragment is for whoever reads the page, and no part of the resource.
        server = new Uri(server.GetLeftPart(UriPartial.Query));
        var tried = new Attempts();
        var resource = await resources.FindAsync(server, challenges, tried, cancellationToken).ConfigureAwait(false);

        // Choice: what the host knows of the authorization server goes before what the MCP server says of it, and is checked no less.
        if (options.AuthorizationServer is { } known)
        {
            await servers.CheckAsync(known, cancellationToken).ConfigureAwait(false);
            return new() { Resource = resource, Server = known, ResourceIdentifier = resource?.Resource ?? ResourceUri.Canonical(server) };
        }

        if (resource is null)
            return await WithoutResourceAsync(server, tried, cancellationToken).ConfigureAwait(false);

        var issuer = await ChooseAsync(resource, cancellationToken).ConfigureAwait(false);
        var metadata = await servers.FindAsync(issuer, cancellationToken).ConfigureAwait(false);
        return new() { Resource = resource, Server = metadata, ResourceIdentifier = resource.Resource };
    }

    private async Task<AuthorizationPlan> WithoutResourceAsync(Uri server, Attempts tried, CancellationToken cancellationToken)
    {
        var revision = revisions.FirstOrDefault(known => known.ServerMayAuthorizeItself);
        if (!(options.AllowsServerAsAuthorizationServer ?? revision is not null))
        {
            throw tried.Failed(
                $"{GuardedHttp.Show(server)} wants a token and does not say who issues them",
                "Its operator has to publish the protected resource metadata, or name it in the 401; where you know the authorization "
                + "server, set ClientAuthorization.AuthorizationServer");
        }

        var version = (revision ?? KnownRevisions.All.First(known => known.ServerMayAuthorizeItself)).Version;
        var metadata = await servers.OfServerItselfAsync(server, version, tried, cancellationToken).ConfigureAwait(false);
        return new() { Server = metadata, IsLegacyFallback = true };
    }

    /// <summary>Choice: where the host leaves it open, a server at which it is known already goes before the first.</summary>
    private async ValueTask<string> ChooseAsync(ProtectedResourceMetadata resource, CancellationToken cancellationToken)
    {
        var issuers = resource.AuthorizationServers!;
        if (options.ChooseAuthorizationServer is not { } choose)
            return issuers.FirstOrDefault(issuer => options.Clients.Any(client => client.Issuer == issuer)) ?? issuers[0];

        var chosen = await choose(issuers, cancellationToken).ConfigureAwait(false);
        return issuers.Contains(chosen) ? chosen : throw new AuthorizationException(
            AuthorizationStep.Discovery,
            $"ClientAuthorization.ChooseAuthorizationServer returned {AuthorizationException.Cite(chosen)}, which is none of those that "
            + $"the server trusts: {AuthorizationException.Cite(string.Join(", ", issuers))}.");
    }
}
