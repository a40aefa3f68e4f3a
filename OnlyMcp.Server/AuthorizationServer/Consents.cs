namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>What people have allowed which clients, so that they are not asked again and again.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/security-considerations §Confused Deputy Problem</remarks>
internal sealed class Consents(AuthorizationServer server)
{
    private readonly Shelf<KeptConsent> consents = new(server.Store, "consent", KeptJson.Default.KeptConsent);

    /// <summary>Whether a person has allowed all that before.</summary>
    public async ValueTask<bool> CoversAsync(
        AuthorizationRequest request, SignedInUser user, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        if (!IsRemembered(request) || request.WantsConsent)
            return false;

        var before = await consents.FindAsync(KeyOf(request, user), cancellationToken).ConfigureAwait(false);
        return before is not null && scopes.All(before.Value.Scopes.Contains);
    }

    /// <summary>Remembers what a person has allowed, beside what he allowed before.</summary>
    public async ValueTask RememberAsync(
        AuthorizationRequest request, SignedInUser user, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        if (!IsRemembered(request))
            return;

        var key = KeyOf(request, user);
        var before = await consents.FindAsync(key, cancellationToken).ConfigureAwait(false);
        var all = new KeptConsent([.. (before?.Value.Scopes ?? []).Union(scopes)]);

        // Two answers at the same moment: one of them is remembered, and the other is asked for again.
        await consents.TryWriteAsync(key, all, before, server.Time.GetUtcNow() + server.Options.ConsentLifetime, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// MUST: on a person's own machine any program can take the port and the name of another (RFC 8252 §8.6), so that what was allowed to the
    /// one says nothing about the next. There the person is asked every time.
    /// </summary>
    private static bool IsRemembered(AuthorizationRequest request) => !request.Return.IsLoopback;

    /// <summary>MUST: each client is allowed for itself, and each address of its own.</summary>
    private static string KeyOf(AuthorizationRequest request, SignedInUser user) =>
        Secret.HashOf($"{user.Subject}\n{request.Client.ClientId}\n{request.Return.RedirectUri}\n{request.Resource}");
}
