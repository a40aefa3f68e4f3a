using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Tokens for what an identity provider, which this server trusts, says of a person who has signed in there.</summary>
/// <remarks>
/// RFC 7521 §5.2, RFC 7523 §3.
/// Spec: ext-auth enterprise-managed-authorization §Access Token Request
/// Spec: ext-auth enterprise-managed-authorization §Identity Assertion JWT Authorization Grant
/// </remarks>
internal sealed class JwtBearerGrant : IGrant
{
    private const string TokenType = "oauth-id-jag+jwt";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly AuthorizationServer server;
    private readonly AssertionTimes times;
    private readonly Dictionary<string, (TrustedIdentityProvider Provider, SigningKeys Keys)> providers;

    public JwtBearerGrant(AuthorizationServer server)
    {
        this.server = server;
        times = new(server, "identity-assertion", Longest);
        providers = server.Options.IdentityProviders.ToDictionary(provider => provider.Issuer, provider => (provider, KeysOf(provider)));
    }

    public string Type => GrantType.JwtBearer;

    public async ValueTask<TokenResponse> IssueAsync(RegisteredClient client, OAuthParameters request, CancellationToken cancellationToken)
    {
        // MUST: the assertion alone is not enough; whoever found one could use it.
        if (!ClientAuthentication.HasCredentials(client))
        {
            throw new OAuthException(
                OAuthErrorCode.UnauthorizedClient, "Assertions are taken from clients that show who they are, by a secret or a signature.");
        }

        try
        {
            var token = JsonWebToken.Parse(request.Require("assertion"));
            var provider = await SignerAsync(token, cancellationToken).ConfigureAwait(false);
            var order = await CheckAsync(token, provider, client, request, cancellationToken).ConfigureAwait(false);

            // No refresh token: as long as the person is signed in there, the identity provider gives the next assertion.
            return (await server.Tokens.BeginAsync(order, refreshes: false, cancellationToken).ConfigureAwait(false)).Tokens;
        }
        catch (Exception fault) when (fault is FormatException or InvalidTokenException)
        {
            throw new OAuthException(OAuthErrorCode.InvalidGrant, $"assertion: {fault.Message}");
        }
        catch (VerifierUnavailableException)
        {
            throw new OAuthException(
                OAuthErrorCode.TemporarilyUnavailable, "The keys of the identity provider cannot be fetched; try again later.", 503);
        }
    }

    private SigningKeys KeysOf(TrustedIdentityProvider provider)
    {
        var options = new JwtTokenVerifierOptions
        {
            Issuers = [provider.Issuer],
            TimeProvider = server.Time,
            Logger = server.Options.LoggerFactory.CreateLogger(nameof(JwtBearerGrant)),
        };
        if (provider.Keys is { } keys)
            return new(provider.Issuer, _ => new(keys), () => { }, options);

        var published = new PublishedKeys(
            provider.Issuer, provider.KeysAddress, new OutboundHttp(options.Timeout, server.Time, server.Options.HttpMessageHandler));
        return new(provider.Issuer, cancellation => new(published.FetchAsync(cancellation)), () => { }, options);
    }

    private async ValueTask<TrustedIdentityProvider> SignerAsync(JsonWebToken token, CancellationToken cancellationToken)
    {
        // MUST: an identity token, which the same provider signs for the same client, is no such assertion (RFC 8725 §3.11).
        if (token.Type is not { } type || !(type.Equals(TokenType, StringComparison.OrdinalIgnoreCase)
            || type.Equals($"application/{TokenType}", StringComparison.OrdinalIgnoreCase)))
        {
            throw new FormatException($"its typ is not {TokenType}.");
        }

        if (token.Issuer is not { } issuer || !providers.TryGetValue(issuer, out var trusted))
            throw new FormatException("its iss is no identity provider that is trusted here.");
        if (SignatureAlgorithm.Names.All(name => name != token.Algorithm))
            throw new FormatException($"its alg is none of {string.Join(", ", SignatureAlgorithm.Names)}.");

        await trusted.Keys.CheckAsync(token, cancellationToken).ConfigureAwait(false);
        return trusted.Provider;
    }

    /// <summary>What the assertion is good for; used up if it is.</summary>
    private async ValueTask<TokenOrder> CheckAsync(
        JsonWebToken token,
        TrustedIdentityProvider provider,
        RegisteredClient client,
        OAuthParameters request,
        CancellationToken cancellationToken)
    {
        // MUST: for this server, and for no other beside it.
        if (token.Audiences.Count == 0 || !token.Audiences.All(audience => audience == server.Issuer || audience == server.Issuer + "/"))
            throw new FormatException($"its aud is not {server.Issuer}, or not that alone.");

        // MUST: said to the client that brings it.
        if (Text(token, "client_id") != client.ClientId || provider.Clients?.Contains(client.ClientId) == false)
            throw new FormatException("its client_id is not the client that brings it, or one that the provider may not speak for.");
        if (token.Subject is not { Length: > 0 and <= 255 } subject || token.IssuedAt is null)
            throw new FormatException("it has no sub of up to 255 letters, or no iat.");

        var user = provider.FindUserAsync is { } find
            ? await find(new(provider.Issuer, subject, client.ClientId, token.Payload), cancellationToken).ConfigureAwait(false)
            : new SignedInUser($"{provider.Issuer} {subject}");
        if (user is null || !await server.IsActiveAsync(user.Subject, cancellationToken).ConfigureAwait(false))
            throw new FormatException("nobody here is who it speaks of.");

        var order = new TokenOrder(client.ClientId, user.Subject, Scopes(token, provider, client, user, request), Resource(token, request));
        await times.UseOnceAsync(token, provider.Issuer, cancellationToken).ConfigureAwait(false);
        return order;
    }

    private string Resource(JsonWebToken token, OAuthParameters request)
    {
        var claimed = Text(token, "resource") ?? throw new FormatException("it has no resource.");
        var resource = server.Resources.FirstOrDefault(known => ResourceUri.AreSame(known, claimed))
            ?? throw new OAuthException(OAuthErrorCode.InvalidTarget, "Tokens for the resource of the assertion are not given here.");
        Target.RequireSame(request, resource);
        return resource;
    }

    /// <summary>No more than the provider says, than it is trusted with, and than client and person can have.</summary>
    private IReadOnlyList<string> Scopes(
        JsonWebToken token, TrustedIdentityProvider provider, RegisteredClient client, SignedInUser user, OAuthParameters request)
    {
        var claimed = Text(token, "scope");
        var said = claimed is null ? null : ScopeSet.Parse(claimed);
        string[] allowed = [.. AllowedScopes.Of(client, server).Where(scope =>
            said?.Contains(scope) != false && provider.Scopes?.Contains(scope) != false && user.Scopes?.Contains(scope) != false)];
        if (said is { Count: > 0 } && allowed.Length == 0)
            throw new OAuthException(OAuthErrorCode.InvalidScope, "None of the scopes of the assertion can be had here.");

        // What the provider named is what was asked for there.
        return AllowedScopes.Choose(request["scope"], allowed, said is null ? AllowedScopes.Usual(client, server) : null);
    }

    private static string? Text(JsonWebToken token, string claim) => !token.Payload.TryGetProperty(claim, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"its {claim} is no text.");
}
