using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>
/// An identity provider, of an enterprise say, whose signed word for a person is good enough for a token: nobody has to sign in here.
/// </summary>
/// <remarks>Spec: ext-auth enterprise-managed-authorization §Access Token Request</remarks>
public sealed record TrustedIdentityProvider
{
    /// <summary>Its name, as its tokens carry it: <c>https://acme.idp.example</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>The keys that it signs with; fetched if null.</summary>
    public JsonWebKeySet? Keys { get; init; }

    /// <summary>Where it publishes its keys: its <c>jwks_uri</c>; what its metadata says if null.</summary>
    public Uri? KeysAddress { get; init; }

    /// <summary>
    /// Finds the person here whom an assertion is about; null if there is none. By default everybody it speaks of is served, under a
    /// subject that is none of this server's own: the issuer, a space, and the subject there.
    /// </summary>
    public Func<IdentityAssertion, CancellationToken, ValueTask<SignedInUser?>>? FindUserAsync { get; init; }

    /// <summary>The clients that it may speak for; all that are registered for this grant if null.</summary>
    public IReadOnlyCollection<string>? Clients { get; init; }

    /// <summary>The most that its word is good for; all scopes of the server if null.</summary>
    public IReadOnlyCollection<string>? Scopes { get; init; }

    internal void Check()
    {
        var address = KeysAddress ?? (Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer) ? issuer : null);
        var isUsable = Keys is not null || (address is not null && FetchPolicy.WhatIsWrongWith(address, allowsLoopback: true) is null);
        if (string.IsNullOrEmpty(Issuer) || !isUsable)
            throw new ArgumentException($"The identity provider '{Issuer}' has neither keys nor an https address of them.");
    }
}

/// <summary>What an identity provider says of a person.</summary>
/// <param name="Issuer">Who says it.</param>
/// <param name="Subject">The person's name there.</param>
/// <param name="ClientId">The client that it was said to.</param>
/// <param name="Claims">All that it says.</param>
public sealed record IdentityAssertion(string Issuer, string Subject, string ClientId, JsonElement Claims);
