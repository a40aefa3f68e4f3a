using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 basic/authorization §Protocol Requirements
public sealed partial class McpServer
{
    /// <summary>What to do where scopes are demanded and nobody checks them.</summary>
    internal const string NoGuard =
        "Something that the server offers demands scopes, but over HTTP nobody asks for a token: call RequireAuthorization before it is served.";

    private AuthorizationOptions? authorization;
    private bool isMounted;

    /// <summary>
    /// Lets nobody use the server over HTTP without an access token of an authorization server that it trusts. Pipes stay as they are: on
    /// them whoever started the process has its rights.
    /// </summary>
    /// <remarks>
    /// Where the server is reached, <see cref="McpHttpOptions.PublicBaseAddress"/> says; a <see cref="McpHttpHost"/> that listens on this
    /// machine's loopback alone knows it itself: it is the address that it listens on, letter by letter, so that <c>localhost</c> is another
    /// than <c>127.0.0.1</c>.
    /// </remarks>
    /// <example><code>
    /// server.RequireAuthorization(o =>
    /// {
    ///     o.AuthorizationServers = ["https://login.example.com"];
    ///     o.Scopes = ["mcp:use"];
    /// });
    /// </code></example>
    /// <param name="configure">Says whose tokens are taken, and what they must allow.</param>
    /// <exception cref="ArgumentException">Something is missing or does not fit; the message says what to do.</exception>
    /// <exception cref="InvalidOperationException">It was said before, or too late: a handler or a host has been made of the server.</exception>
    public void RequireAuthorization(Action<AuthorizationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        if (authorization is not null)
            throw new InvalidOperationException("Authorization is required once: say all of it in one call.");
        if (isMounted)
        {
            throw new InvalidOperationException(
                "Authorization is required before a handler or a host is made of the server, which has been open until now.");
        }

        var options = new AuthorizationOptions();
        configure(options);
        options.Complete(Options);
        authorization = options;
    }

    /// <summary>What stands before the routes of a handler; null where nobody asked for that.</summary>
    /// <exception cref="InvalidOperationException">Something demands scopes, and nobody would check them.</exception>
    internal Guard? GuardOf(McpHttpHandler handler)
    {
        isMounted = true;
        if (authorization is not null)
            return new Guard(authorization, handler);

        RequireNoScopes();
        return null;
    }

    /// <exception cref="InvalidOperationException">Something demands scopes, and nobody would check them.</exception>
    internal void RequireNoScopes()
    {
        if (authorization is null && Demanding.Any())
            throw new InvalidOperationException(NoGuard);
    }

    /// <summary>What the server offers that demands scopes, as far as it offers that yet.</summary>
    internal IEnumerable<IDemandsScopes> Demanding => Tools.All.Concat<IDemandsScopes>(Prompts.All).Concat(Resources.All)
        .Concat(ResourceTemplates.All).Where(offer => offer.Scopes.Count > 0);

    /// <summary>What is demanded of whoever reads what stands at an address; null if nothing stands there.</summary>
    internal IReadOnlyList<string>? ScopesOfResource(string uri) => Resources.TryFind(uri, out var resource)
        ? resource.Scopes
        : ResourceTemplates.All.FirstOrDefault(template => template.Match(uri) is not null)?.Scopes;
}
