using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Client.Authorization;

/// <summary>The document that describes a program to authorization servers, and whose address is the program's client id.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/client-registration §Client ID Metadata Documents</remarks>
public static class ClientIdDocument
{
    /// <summary>
    /// The JSON to publish, as <c>application/json</c> and without a redirect, at
    /// <see cref="ClientAuthorization.ClientIdMetadataDocument"/>. Where <see cref="ClientAuthorization.Clients"/> holds a private key for
    /// that address as a client's id, its public half is in it, and the client proves with it who it is.
    /// </summary>
    /// <param name="authorization">The program, as its clients are made.</param>
    /// <param name="redirectUris">
    /// Where its sign-ins may come back to, at least one: https, or http on this machine, whose port authorization servers let vary.
    /// </param>
    /// <exception cref="InvalidOperationException">No address of the document is set, or one that cannot be a client's id.</exception>
    /// <exception cref="ArgumentException">There is no redirect URI, or one that is neither https nor on this machine.</exception>
    public static string ToClientIdMetadataDocument(this ClientAuthorization authorization, params IReadOnlyList<Uri> redirectUris)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        ArgumentNullException.ThrowIfNull(redirectUris);
        if (redirectUris.Count == 0)
            throw new ArgumentException("A sign-in has to come back somewhere: name at least one redirect URI.", nameof(redirectUris));
        foreach (var uri in redirectUris)
        {
            if (RedirectUri.WhatIsWrongWith(uri) is { } wrong)
                throw new ArgumentException($"'{uri}' cannot be where a sign-in comes back to: {wrong}.", nameof(redirectUris));
        }

        var address = authorization.ClientIdMetadataDocument
            ?? throw new InvalidOperationException("Set ClientAuthorization.ClientIdMetadataDocument to the document's address.");

        // MUST: these three at least, and the id is the document's address letter by letter.
        var client = ClientOf(authorization, address);
        using var key = client.PrivateKeyPem is { } pem ? JwtSigner.FromPem(pem, client.SigningAlgorithm, client.PrivateKeyId) : null;
        var document = new ClientMetadata
        {
            ClientId = client.ClientId,
            ClientName = authorization.ClientName,
            RedirectUris = [.. redirectUris.Select(RedirectUri.Text)],
            ClientUri = authorization.ClientUri?.AbsoluteUri,
            GrantTypes = [GrantType.AuthorizationCode, GrantType.RefreshToken],
            ResponseTypes = ["code"],
            TokenEndpointAuthMethod = key is null ? ClientAuthMethod.None : ClientAuthMethod.PrivateKeyJwt,
            TokenEndpointAuthSigningAlg = key?.Algorithm,
            Jwks = key is null ? null : JsonElement.Parse($$"""{"keys":[{{key.PublicKey.ToJson().ToJsonString()}}]}"""),
            ApplicationType = redirectUris.All(FetchPolicy.IsLoopback) ? "native" : "web",
        };
        return JsonSerializer.Serialize(document, OAuthJson.Wire.ClientMetadata);
    }

    /// <summary>The client that the document describes: with a key, if the host has given one for it, and else without any proof.</summary>
    /// <exception cref="InvalidOperationException">The document's address cannot be a client's id.</exception>
    internal static ClientCredentials ClientOf(ClientAuthorization authorization, Uri address)
    {
        var id = IdOf(address);
        return authorization.Clients.FirstOrDefault(client => client.ClientId == id)
            ?? new() { ClientId = id, AuthMethod = ClientAuthMethod.None };
    }

    /// <summary>The client id that the document's address is.</summary>
    /// <exception cref="InvalidOperationException">It cannot be one.</exception>
    private static string IdOf(Uri address)
    {
        // MUST: https, with a path. The draft that the page names forbids the rest.
        var wrong = FetchPolicy.WhatIsWrongWith(address, allowsLoopback: false)
            ?? (address.AbsolutePath == "/" ? "it has no path" : address.Fragment.Length > 0 ? "it carries a fragment" : null)
            ?? (address.OriginalString.Split('/').Any(segment => segment is "." or "..") ? "its path holds a dot segment" : null);
        return wrong is null ? address.OriginalString : throw new InvalidOperationException(
            $"ClientAuthorization.ClientIdMetadataDocument is '{address}', which cannot be a client's id: {wrong}.");
    }
}
