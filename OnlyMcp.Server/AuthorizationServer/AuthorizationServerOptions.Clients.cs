using System.Buffers.Text;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.AuthorizationServers;

public sealed partial record AuthorizationServerOptions
{
    /// <summary>Programs that are known from the start.</summary>
    public IReadOnlyList<RegisteredClient> Clients { get; init; } = [];

    /// <summary>Whether programs may register themselves (RFC 7591); true.</summary>
    public bool AllowsRegistration { get; init; } = true;

    /// <summary>How often programs may register from one address in an hour; 30, and twenty times that from all together.</summary>
    public int RegistrationsPerHour { get; init; } = 30;

    /// <summary>How long a registration is kept that nobody has got a token with; 1 day.</summary>
    public TimeSpan UnusedRegistrationLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a registration is kept after somebody has got a token with it, each time anew; 90 days.</summary>
    public TimeSpan RegistrationLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Schemes, beside https and http to the person's own machine, that answers may go to: <c>cursor</c> for <c>cursor://callback</c>. None
    /// by default, since any program of the machine may claim such a scheme.
    /// </summary>
    public IReadOnlyList<string> RedirectSchemes { get; init; } = [];

    /// <summary>Whether a program may be named by the https address of a document about it, which this server then fetches; true.</summary>
    public bool AllowsClientDocuments { get; init; } = true;

    /// <summary>Which of these addresses are trusted; any if null.</summary>
    public Func<Uri, bool>? TrustsClientDocument { get; init; }

    /// <summary>
    /// Whether such a document may stand on this machine or in its network, for trying things out; false. From then on strangers may have
    /// this server fetch from there.
    /// </summary>
    public bool AllowsLoopbackClientDocuments { get; init; }

    /// <summary>
    /// Sends what this server itself asks of others, in the place of a handler that goes to public addresses alone where strangers named
    /// them. For tests, and for a proxy that sees to that itself.
    /// </summary>
    public HttpMessageHandler? HttpMessageHandler { get; init; }

    /// <summary>The identity providers whose word for a person is good enough for a token; none by default.</summary>
    public IReadOnlyList<TrustedIdentityProvider> IdentityProviders { get; init; } = [];

    private void CheckClients()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RegistrationsPerHour, nameof(RegistrationsPerHour));
        if (Clients.GroupBy(client => client.ClientId).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two clients have the id '{twice.Key}'.");
        if (RedirectSchemes.FirstOrDefault(scheme => !RedirectUri.IsSchemeOfAProgram(scheme)) is { } odd)
        {
            throw new ArgumentException(
                $"'{odd}' is no scheme of a program: of lower-case letters, digits, '.', '+' and '-', and without a meaning to browsers.");
        }

        foreach (var client in Clients)
            CheckClient(client);
        foreach (var provider in IdentityProviders)
            provider.Check();
        if (IdentityProviders.GroupBy(provider => provider.Issuer).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new ArgumentException($"Two identity providers have the issuer '{same.Key}'.");
    }

    private void CheckClient(RegisteredClient client)
    {
        foreach (var uri in client.Metadata.RedirectUris ?? [])
        {
            if (RedirectUri.WhatIsWrongWith(uri, RedirectSchemes) is { } wrong)
                throw new ArgumentException($"The client '{client.ClientId}' cannot be answered at '{uri}': {wrong}.");
        }

        if (client.SecretHash is { } hash && (hash.Length != 43 || !Base64Url.IsValid(hash)))
        {
            throw new ArgumentException(
                $"The SecretHash of the client '{client.ClientId}' is none: {nameof(RegisteredClient.HashOf)} makes it of the secret.");
        }

        var method = client.Metadata.TokenEndpointAuthMethod;
        if ((method == ClientAuthMethod.None || method is null) && client.SecretHash is null && client.Metadata.Jwks is null)
            return;

        var fits = method switch
        {
            null or ClientAuthMethod.ClientSecretBasic or ClientAuthMethod.ClientSecretPost => client.SecretHash is not null,
            ClientAuthMethod.PrivateKeyJwt => client.Metadata.Jwks is { } jwks && JsonWebKeySet.Parse(jwks).Keys.Count > 0,
            _ => false,
        };
        if (!fits)
            throw new ArgumentException($"The client '{client.ClientId}' has no secret, or no keys, with which it could do '{method}'.");
    }
}
