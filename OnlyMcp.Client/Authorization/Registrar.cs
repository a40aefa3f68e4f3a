namespace OnlyMcp.Client.Authorization;

/// <summary>Finds out who a client is to an authorization server, and registers it there if it is nobody yet.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Client Registration</remarks>
internal sealed class Registrar(GuardedHttp http, ClientAuthorization options, TimeProvider time)
{
    public async Task<ClientCredentials> ClientForAsync(
        AuthorizationPlan plan, Uri redirectUri, IReadOnlyCollection<string> scopes, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        _ = (http, options, time, plan, redirectUri, scopes, cancellationToken);
        throw new NotSupportedException();
    }
}
