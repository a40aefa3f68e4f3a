using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 basic/authorization §Scope Challenge Handling
public sealed partial class RequestContext
{
    /// <summary>
    /// What the request's access token allows, and for whom it was issued; null where none is asked for, as on a pipe. The token itself
    /// is not here: it is meant for this server, and for no other that a handler might call.
    /// </summary>
    public AccessToken? AccessToken => Exchange.Grant?.Token;

    /// <summary>
    /// Goes on only if the access token allows all of this, as well as what the server demands of every request. On a pipe it always goes
    /// on: whoever started the process has its rights.
    /// </summary>
    /// <param name="scopes">What the request needs. Name all of it at once: the client's user is asked for it once.</param>
    /// <exception cref="InsufficientScopeException">It does not; let it pass, and the client is told what is missing.</exception>
    /// <exception cref="InvalidOperationException">The server is reached over HTTP and requires no authorization.</exception>
    public void RequireScopes(params IReadOnlyList<string> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (Allows(scopes))
            return;

        // MUST NOT: what somebody meant to guard stays shut where no guard stands.
        throw Exchange.Grant is null ? new InvalidOperationException(McpServer.NoGuard) : new InsufficientScopeException(scopes);
    }

    /// <summary>Whether the caller's token allows something.</summary>
    internal bool Allows(IReadOnlyList<string> scopes) =>
        scopes.Count == 0 || !Exchange.IsOverHttp || Exchange.Grant?.Covers(scopes) == true;

    /// <summary>Whether a list shows something to the caller.</summary>
    internal bool Shows(IDemandsScopes offered) => Allows(offered.Scopes) || Exchange.Grant is { ShowsEverything: true };
}
