using System.Net.Http.Headers;
using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.RateLimits;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Clients whose id is the https address of a document about them.</summary>
/// <remarks>
/// draft-ietf-oauth-client-id-metadata-document-00.
/// Spec: 2026-07-28 basic/authorization/client-registration §Client ID Metadata Documents
/// Spec: 2026-07-28 basic/authorization/client-registration §Implementation Requirements
/// Spec: 2026-07-28 basic/authorization/security-considerations §Authorization Server Abuse Protection
/// Spec: 2026-07-28 basic/authorization/security-considerations §Trust Policies
/// </remarks>
internal sealed class ClientDocuments(AuthorizationServer server, OutboundHttp http)
{
    private const int MostLetters = 2000;
    private const int MostBytes = 32 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Unsaid = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan Failed = TimeSpan.FromSeconds(30);

    private readonly ClientMetadataRules rules = new(server);
    private readonly DocumentCache cache = new(server.Time);

    // Whoever calls us decides whom we call: no host hears from us more often than that.
    private readonly TokenBucketLimiter perHost = new(60, TimeSpan.FromMinutes(1));

    /// <summary>What such documents are fetched with.</summary>
    public static OutboundHttp NewHttp(AuthorizationServerOptions options) => new(
        Patience, options.TimeProvider, options.HttpMessageHandler, publicAddressesOnly: !options.AllowsLoopbackClientDocuments);

    /// <summary>The client that a document tells about; null if such clients are not served.</summary>
    /// <exception cref="OAuthException">The document cannot be had, or does not fit.</exception>
    public async ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        if (!server.Options.AllowsClientDocuments)
            return null;

        var uri = AddressOf(clientId);
        if (server.Options.TrustsClientDocument?.Invoke(uri) == false)
            throw Wrong($"documents of {uri.Host} are not trusted here");
        return await cache.GetAsync(clientId, () => FetchAsync(clientId, uri)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static OAuthException Wrong(string words) =>
        new(OAuthErrorCode.InvalidClient, $"The client_id is the address of a document, and {words}.", 401);

    /// <summary>MUST: https, with a path. What two readers could write in two ways is no id.</summary>
    private Uri AddressOf(string clientId)
    {
        if (clientId.Length > MostLetters || clientId.AsSpan().ContainsAnyExceptInRange('!', '~')
            || !Uri.TryCreate(clientId, UriKind.Absolute, out var uri))
        {
            throw Wrong($"it is no address of up to {MostLetters} visible letters");
        }

        if (FetchPolicy.WhatIsWrongWith(uri, server.Options.AllowsLoopbackClientDocuments) is { } wrong)
            throw Wrong(wrong);
        if (uri.AbsolutePath == "/" || clientId.Contains('#', StringComparison.Ordinal))
            throw Wrong("it has no path, or a fragment");
        return uri.OriginalString == uri.AbsoluteUri
            ? uri
            : throw Wrong("it is not written as such an address is: host in lower case, no dots for segments, no port that it has anyway");
    }

    private async Task<(RegisteredClient? Client, OAuthException? Fault, TimeSpan FreshFor)> FetchAsync(string clientId, Uri uri)
    {
        try
        {
            var answer = await GetAsync(uri).ConfigureAwait(false);
            var said = Read(answer, clientId);
            var fresh = FreshFor(answer.Headers, Longest);
            if (said is { Jwks: null, JwksUri: { } keys, TokenEndpointAuthMethod: ClientAuthMethod.PrivateKeyJwt })
            {
                // Whoever names his keys by their address wants to change them now and then.
                var set = await GetAsync(KeysAddressOf(keys)).ConfigureAwait(false);
                said = said with { Jwks = KeysIn(set), JwksUri = null };
                fresh = FreshFor(set.Headers, fresh < Unsaid ? fresh : Unsaid);
            }

            return (new RegisteredClient { ClientId = clientId, Metadata = rules.Accept(said, ClientAuthMethod.None) }, null, fresh);
        }
        catch (FetchFailedException fault)
        {
            return (null, Wrong($"it cannot be fetched: {fault.Message.TrimEnd('.')}"), Failed);
        }
        catch (OAuthException fault)
        {
            var isOurs = fault.Error == OAuthErrorCode.InvalidClient;
            return (null, isOurs ? fault : Wrong($"it does not fit: {fault.Message.TrimEnd('.')}"), Failed);
        }
    }

    private async Task<OutboundReply> GetAsync(Uri uri)
    {
        if (perHost.Take(uri.Authority, server.Time) > TimeSpan.Zero)
            throw Wrong("its host has been asked too often; try again in a minute");

        var answer = await http.GetAsync(uri, CancellationToken.None).ConfigureAwait(false);
        if (answer.Status != 200)
            throw Wrong($"was answered with HTTP {answer.Status} and not with 200; redirects are not followed");
        if (!IsJson(answer.MediaType))
            throw Wrong("its Content-Type is not application/json");
        return answer.Body.Length <= MostBytes ? answer : throw Wrong($"it has more than {MostBytes} bytes");
    }

    private static ClientMetadata Read(OutboundReply answer, string clientId)
    {
        var said = ClientMetadataRules.Parse(answer.Body, "The document");

        // MUST: letter by letter.
        if (said.ClientId != clientId)
            throw Wrong("its client_id is another one");
        if (said.ClientName is null)
            throw Wrong("it has no client_name");
        if (said.ClientSecret is not null || said.ClientSecretExpiresAt is not null
            || said.TokenEndpointAuthMethod is ClientAuthMethod.ClientSecretBasic or ClientAuthMethod.ClientSecretPost)
        {
            throw Wrong("it wants a secret, which a document that everybody can read cannot have: none or private_key_jwt");
        }

        return said;
    }

    private Uri KeysAddressOf(string text)
    {
        var isAddress = Uri.TryCreate(text, UriKind.Absolute, out var uri);
        if (!isAddress || FetchPolicy.WhatIsWrongWith(uri!, server.Options.AllowsLoopbackClientDocuments) is not null)
            throw Wrong("its jwks_uri is no https address");
        return server.Options.TrustsClientDocument?.Invoke(uri!) == false ? throw Wrong("its jwks_uri is not trusted here") : uri!;
    }

    private static JsonElement KeysIn(OutboundReply answer)
    {
        try
        {
            return StrictJson.ParseObject(answer.Body, "What its jwks_uri leads to");
        }
        catch (FormatException fault)
        {
            throw Wrong(fault.Message.TrimEnd('.'));
        }
    }

    private static bool IsJson(string? mediaType) => mediaType is not null
        && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>SHOULD: for as long as the document's headers say (RFC 9111 §4.2), and never for longer than that.</summary>
    private static TimeSpan FreshFor(HttpResponseHeaders headers, TimeSpan longest)
    {
        if (headers.CacheControl is { NoStore: true } or { NoCache: true })
            return TimeSpan.Zero;

        var left = headers.CacheControl?.MaxAge is { } age ? age - (headers.Age ?? TimeSpan.Zero) : Unsaid;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < longest ? left : longest;
    }
}
