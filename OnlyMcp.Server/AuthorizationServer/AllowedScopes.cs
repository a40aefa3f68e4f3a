using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Which scopes a client gets where no person is asked.</summary>
/// <remarks>RFC 6749 §3.3.</remarks>
internal static class AllowedScopes
{
    /// <summary>The most that a client can have: what it is registered for, of what there is.</summary>
    public static IReadOnlyList<string> Of(RegisteredClient client, AuthorizationServer server) => client.Metadata.Scope is { } registered
        ? [.. ScopeSet.Parse(registered).Where(scope => server.Scopes.Count == 0 || server.Scopes.ContainsKey(scope))]
        : [.. server.Scopes.Keys];

    /// <summary>What it gets that names none, as far as it can have that; null for all that it can have.</summary>
    public static IReadOnlyList<string>? Usual(RegisteredClient client, AuthorizationServer server) =>
        client.Metadata.Scope is null ? server.UsualScopes : server.Options.DefaultScopes;

    /// <summary>What was asked for, if all of it is allowed; the usual ones of those, where nothing was.</summary>
    /// <exception cref="OAuthException">Something is not allowed.</exception>
    public static IReadOnlyList<string> Choose(string? asked, IReadOnlyList<string> allowed, IReadOnlyList<string>? usual)
    {
        if (string.IsNullOrWhiteSpace(asked))
            return [.. allowed.Where(scope => usual is null || usual.Contains(scope))];

        var words = asked.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.All(allowed.Contains) ? [.. words.Distinct()] : throw new OAuthException(
            OAuthErrorCode.InvalidScope,
            $"A scope is unknown, or not this client's; it can have {(allowed.Count == 0 ? "none" : ScopeSet.Format(allowed))}.");
    }
}
