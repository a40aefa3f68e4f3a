using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.Authorization;

/// <summary>Fetches the keys of an authorization server from where it publishes them.</summary>
/// <param name="issuer">The server's name.</param>
/// <param name="jwksUri">Where its keys are; null to ask the server itself.</param>
/// <param name="http">The way there.</param>
/// <remarks>Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery</remarks>
internal sealed class PublishedKeys(string issuer, Uri? jwksUri, OutboundHttp http)
{
    /// <exception cref="FetchFailedException">There are none, in words.</exception>
    public async Task<JsonWebKeySet> FetchAsync(CancellationToken cancellationToken)
    {
        var uri = jwksUri ?? await FindAsync(cancellationToken).ConfigureAwait(false);
        var reply = await http.GetAsync(uri, cancellationToken).ConfigureAwait(false);
        if (reply.Status != 200)
            throw new FetchFailedException($"{OutboundHttp.Show(uri)} answered with HTTP {reply.Status}.");

        try
        {
            return JsonWebKeySet.Parse(reply.Body);
        }
        catch (FormatException fault)
        {
            throw new FetchFailedException($"What {OutboundHttp.Show(uri)} answered is no set of keys: {fault.Message}", fault);
        }
    }

    private async Task<Uri> FindAsync(CancellationToken cancellationToken)
    {
        List<string> faults = [];
        foreach (var candidate in WellKnown.AuthorizationServerCandidates(new Uri(issuer)))
        {
            try
            {
                var reply = await http.GetAsync(candidate, cancellationToken).ConfigureAwait(false);
                return Read(candidate, reply);
            }
            catch (FetchFailedException fault) when (!fault.IsUnreachable)
            {
                faults.Add(fault.Message);
            }
        }

        throw new FetchFailedException(string.Join(' ', faults));
    }

    private Uri Read(Uri from, OutboundReply reply)
    {
        if (reply.Status != 200)
            throw new FetchFailedException($"{OutboundHttp.Show(from)} answered with HTTP {reply.Status}.");

        AuthorizationServerMetadata? metadata;
        try
        {
            metadata = JsonSerializer.Deserialize(reply.Body, OAuthJson.Wire.AuthorizationServerMetadata);
        }
        catch (JsonException)
        {
            // Not with the exception inside: it quotes what it could not read, to the log.
            throw new FetchFailedException($"What {OutboundHttp.Show(from)} answered is no metadata of an authorization server.");
        }

        // MUST NOT: another's document says nothing about this server (RFC 8414 §3.3).
        if (metadata?.Issuer != issuer)
            throw new FetchFailedException($"What {OutboundHttp.Show(from)} answered is not about {issuer}: its issuer is another.");
        if (!Uri.TryCreate(metadata.JwksUri, UriKind.Absolute, out var keys))
            throw new FetchFailedException($"{OutboundHttp.Show(from)} does not say where the keys are ('jwks_uri').");
        if (FetchPolicy.WhatIsWrongWith(keys, allowsLoopback: FetchPolicy.IsLoopback(from)) is { } wrong)
            throw new FetchFailedException($"The 'jwks_uri' in {OutboundHttp.Show(from)} was not asked: {wrong}.");
        return keys;
    }
}
