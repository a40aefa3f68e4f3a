using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>Finds and checks what an MCP server says of itself: which authorization servers it trusts.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements
/// Spec: 2025-06-18 basic/authorization §Authorization Server Location
/// </remarks>
internal sealed class ResourceSearch(GuardedHttp http)
{
    private const int MaxServers = 20;

    /// <summary>The document; null if the server has none.</summary>
    /// <exception cref="AuthorizationException">It has one that must not be used, or is in trouble.</exception>
    public async Task<ProtectedResourceMetadata?> FindAsync(
        Uri server, IReadOnlyList<AuthenticationChallenge> challenges, Attempts tried, CancellationToken cancellationToken)
    {
        // MUST: what the challenge names is what counts, and nothing else is looked for then, whatever is there.
        if (challenges.Select(challenge => challenge["resource_metadata"]).FirstOrDefault(named => named is not null) is { } named)
            return await NamedAsync(server, named, tried, cancellationToken).ConfigureAwait(false);

        // MUST: below the server's path first, then for the whole host.
        foreach (var place in new[] { WellKnown.ProtectedResource(server), WellKnown.ProtectedResourceRoot(server) }.Distinct())
        {
            var fetched = await http.GetAsync(place, null, cancellationToken).ConfigureAwait(false);
            if (tried.Found(fetched))
                return Read(fetched, server, place);
        }

        return null;
    }

    private async Task<ProtectedResourceMetadata> NamedAsync(Uri server, string named, Attempts tried, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(named, UriKind.Absolute, out var place))
        {
            throw new AuthorizationException(
                AuthorizationStep.Discovery,
                $"{GuardedHttp.Show(server)} says that its metadata is at {AuthorizationException.Cite(named)}, which is no address.");
        }

        var fetched = await http.GetAsync(place, null, cancellationToken).ConfigureAwait(false);
        return tried.Found(fetched) ? Read(fetched, server, place) : throw tried.Failed(
            $"{GuardedHttp.Show(server)} names the address of its metadata, and there is none", "Its operator has to mend either");
    }

    private static ProtectedResourceMetadata Read(Fetched fetched, Uri server, Uri place)
    {
        const AuthorizationStep step = AuthorizationStep.Discovery;
        var metadata = fetched.Read(OAuthJson.Wire.ProtectedResourceMetadata, step, "The protected resource metadata");
        if (!IsAbout(metadata.Resource, server, place))
        {
            throw new AuthorizationException(
                step,
                $"The metadata at {GuardedHttp.Show(place)} is about the resource {AuthorizationException.Cite(metadata.Resource)}, and "
                + $"not about {GuardedHttp.Show(server)}: a token for the one is not for the other. Connect to the address that it names, "
                + "if that is the server you mean, or tell its operator.");
        }

        // MUST: at least one.
        if (metadata.AuthorizationServers is not { Count: > 0 and <= MaxServers } servers || servers.Contains(null!))
        {
            throw new AuthorizationException(
                step,
                $"The metadata at {GuardedHttp.Show(place)} names none or more than {MaxServers} authorization servers.");
        }

        return metadata;
    }

    /// <summary>
    /// RFC 9728 §3.3. MUST: the document is about the very address that was asked; the one for the whole host is about that host.
    /// Choice: a slash at the end of the path makes no difference, for servers and people put one there and leave it out.
    /// </summary>
    private static bool IsAbout(string resource, Uri server, Uri place) =>
        ResourceUri.AreSame(resource.TrimEnd('/'), ResourceUri.Canonical(server).TrimEnd('/'))
        || (place == WellKnown.ProtectedResourceRoot(server) && ResourceUri.AreSame(resource, WellKnown.Origin(server)));
}
