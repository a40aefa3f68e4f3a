using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Authorization;

/// <summary>Finds and checks what an authorization server says of itself: where its endpoints are.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery
/// Spec: 2025-03-26 basic/authorization §Fallbacks for Servers without Metadata Discovery
/// </remarks>
internal sealed class ServerSearch(GuardedHttp http)
{
    private const string What = "The authorization server's metadata";

    /// <summary>The document of the server with this name.</summary>
    /// <exception cref="AuthorizationException">There is none, or one that must not be used.</exception>
    public async Task<AuthorizationServerMetadata> FindAsync(string issuer, CancellationToken cancellationToken)
    {
        var address = await IssuerAsync(issuer, cancellationToken).ConfigureAwait(false);
        var tried = new Attempts();
        foreach (var place in WellKnown.AuthorizationServerCandidates(address))
        {
            var fetched = await http.GetAsync(place, null, cancellationToken).ConfigureAwait(false);
            if (!tried.Found(fetched))
                continue;

            // MUST: identical, letter by letter. Choice: the first document decides; one that is somebody else's is an error, not skipped.
            var metadata = fetched.Read(OAuthJson.Wire.AuthorizationServerMetadata, AuthorizationStep.Discovery, What);
            if (metadata.Issuer != issuer)
                throw OfAnother(place, metadata.Issuer, issuer);

            await CheckAsync(metadata, cancellationToken).ConfigureAwait(false);
            return metadata;
        }

        throw tried.Failed(
            $"The MCP server trusts the authorization server {AuthorizationException.Cite(issuer)}, whose metadata is nowhere",
            "Its operator has to publish it; where you know the endpoints, set ClientAuthorization.AuthorizationServer");
    }

    /// <summary>
    /// The MCP server as its own authorization server: its document at the root of its host, or else the endpoints that were agreed on.
    /// </summary>
    /// <exception cref="AuthorizationException">Its document must not be used, or the server is in trouble.</exception>
    public async Task<AuthorizationServerMetadata> OfServerItselfAsync(
        Uri server, string version, Attempts tried, CancellationToken cancellationToken)
    {
        // MUST: the path of the server is left out.
        var origin = WellKnown.Origin(server);
        var place = new Uri(origin + WellKnown.AuthorizationServerPath);

        // SHOULD: the revision is named.
        var fetched = await http.GetAsync(place, [new(McpHeaders.ProtocolVersion, version)], cancellationToken).ConfigureAwait(false);
        if (tried.Found(fetched))
            return await OwnDocumentAsync(fetched, place, origin, cancellationToken).ConfigureAwait(false);

        // MUST: the agreed endpoints are for where there is no document, and nowhere else.
        return fetched.Status == 404 ? Agreed(origin) : throw tried.Failed(
            $"{GuardedHttp.Show(server)} wants a token and does not say who issues them",
            "Its operator has to publish the metadata; where you know the server that does, set ClientAuthorization.AuthorizationServer");
    }

    /// <summary>Holds the addresses in a document against the rules: javascript:, file: and the like lead to no endpoint.</summary>
    /// <exception cref="AuthorizationException">One must not be asked or opened, or there is no token endpoint.</exception>
    public async Task CheckAsync(AuthorizationServerMetadata metadata, CancellationToken cancellationToken)
    {
        if (metadata.TokenEndpoint is null)
            throw Unfit(metadata, "names no token_endpoint");

        // MUST: all of them are served over https.
        await CheckAsync(metadata, "authorization_endpoint", metadata.AuthorizationEndpoint, cancellationToken).ConfigureAwait(false);
        await CheckAsync(metadata, "token_endpoint", metadata.TokenEndpoint, cancellationToken).ConfigureAwait(false);
        await CheckAsync(metadata, "registration_endpoint", metadata.RegistrationEndpoint, cancellationToken).ConfigureAwait(false);
        await CheckAsync(metadata, "revocation_endpoint", metadata.RevocationEndpoint, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AuthorizationServerMetadata> OwnDocumentAsync(
        Fetched fetched, Uri place, string origin, CancellationToken cancellationToken)
    {
        var metadata = fetched.Read(OAuthJson.Wire.AuthorizationServerMetadata, AuthorizationStep.Discovery, What);

        // Choice: nobody told how the server spells its own name, so that a slash at the end makes no difference here. Another host does.
        if (metadata.Issuer != origin && metadata.Issuer != origin + "/")
            throw OfAnother(place, metadata.Issuer, origin);

        await CheckAsync(metadata, cancellationToken).ConfigureAwait(false);
        return metadata;
    }

    private static AuthorizationServerMetadata Agreed(string origin) => new()
    {
        Issuer = origin,
        AuthorizationEndpoint = origin + "/authorize",
        TokenEndpoint = origin + "/token",
        RegistrationEndpoint = origin + "/register",

        // The revision that agrees on these endpoints demands it of them.
        CodeChallengeMethodsSupported = ["S256"],
    };

    private async ValueTask<Uri> IssuerAsync(string issuer, CancellationToken cancellationToken)
    {
        var wrong = !Uri.TryCreate(issuer, UriKind.Absolute, out var address) ? "it is no absolute address"
            : address.Query.Length > 0 || address.Fragment.Length > 0 ? "it carries a query or a fragment"
            : await http.WhatIsWrongWithAsync(address, cancellationToken).ConfigureAwait(false);
        return wrong is null ? address! : throw new AuthorizationException(
            AuthorizationStep.Discovery,
            $"The MCP server trusts the authorization server {AuthorizationException.Cite(issuer)}, which was not asked: {wrong}.");
    }

    private async ValueTask CheckAsync(
        AuthorizationServerMetadata metadata, string name, string? endpoint, CancellationToken cancellationToken)
    {
        if (endpoint is null)
            return;

        var wrong = !Uri.TryCreate(endpoint, UriKind.Absolute, out var address) ? "it is no absolute address"
            : address.Fragment.Length > 0 ? "it carries a fragment"
            : await http.WhatIsWrongWithAsync(address, cancellationToken).ConfigureAwait(false);
        if (wrong is not null)
            throw Unfit(metadata, $"names as its {name} {AuthorizationException.Cite(endpoint)}, which is not to be used: {wrong}");
    }

    private static AuthorizationException OfAnother(Uri place, string came, string expected) => new(
        AuthorizationStep.Discovery,
        $"The metadata at {GuardedHttp.Show(place)} is not that of {AuthorizationException.Cite(expected)}: its issuer is "
        + $"{AuthorizationException.Cite(came)}. It was not used, for somebody could pose as another so; the two must be the same letter "
        + "by letter. Its operator has to mend that.");

    private static AuthorizationException Unfit(AuthorizationServerMetadata metadata, string what) =>
        new(AuthorizationStep.Discovery, $"The authorization server {AuthorizationException.Cite(metadata.Issuer)} {what}.");
}
