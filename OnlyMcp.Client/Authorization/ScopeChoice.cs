using System.Collections.Immutable;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>Which scopes to ask for.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization §Scope Selection Strategy
/// Spec: 2026-07-28 basic/authorization §Refresh Tokens
/// </remarks>
internal static class ScopeChoice
{
    private const string OfflineAccess = "offline_access";

    /// <param name="plan">What is known of both servers.</param>
    /// <param name="challenge">What the MCP server asks for; null if it names no scopes.</param>
    /// <param name="before">What was asked for until now.</param>
    /// <param name="options">What the host wants beside.</param>
    /// <returns>None means that the parameter is left out.</returns>
    public static ImmutableSortedSet<string> For(
        AuthorizationPlan plan, AuthenticationChallenge? challenge, IEnumerable<string> before, ClientAuthorization options)
    {
        // MUST: what the challenge names is what the request needs, whatever the document says; without it, all that the document names.
        var named = challenge?["scope"] is { } asked ? ScopeSet.Parse(asked) : ScopeSet.Of(plan.Resource?.ScopesSupported);
        var scopes = named.Union(ScopeSet.Of(before)).Union(ScopeSet.Of(options.Scopes));

        // MUST NOT: never asked for where the authorization server does not have it.
        var lasts = plan.Server.ScopesSupported?.Contains(OfflineAccess) == true;
        return lasts && options is { AsksForOfflineAccess: true, Grant: null } ? scopes.Add(OfflineAccess)
            : lasts || options.Scopes.Contains(OfflineAccess) ? scopes
            : scopes.Remove(OfflineAccess);
    }
}
