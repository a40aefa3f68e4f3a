using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.Authorization;

/// <summary>Something that a server offers to whoever's token allows it.</summary>
internal interface IDemandsScopes
{
    /// <summary>What the token must allow; empty for nothing in particular.</summary>
    IReadOnlyList<string> Scopes { get; }
}

/// <summary>Scopes that somebody writes into a program as needed for something.</summary>
internal static class DemandedScopes
{
    private const string OfflineAccess = "offline_access";

    /// <exception cref="ArgumentException">One of them is no scope, or no matter of the server's.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        foreach (var scope in scopes)
        {
            if (scope is null || !ScopeSet.IsScope(scope))
            {
                throw new ArgumentException(
                    $"'{scope}' is no scope: that is one word of visible ASCII without quotation marks and backslashes, such as files:read.");
            }

            // SHOULD NOT: whether a client may come back without its user is between it and the authorization server.
            if (scope == OfflineAccess)
                throw new ArgumentException($"'{OfflineAccess}' is what clients ask for that want refresh tokens; a server does not.");
        }

        return [.. scopes];
    }
}
