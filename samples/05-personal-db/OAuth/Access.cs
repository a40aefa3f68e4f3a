using Microsoft.Extensions.Logging;
using OnlyMcp.Server;
using OnlyMcp.Server.AuthorizationServers;
using PersonalDb.Accounts;
using PersonalDb.Rest;
using PersonalDb.Store;

namespace PersonalDb.OAuth;

/// <summary>Lets the MCP endpoint be used by programs that one of the users has let in, and by nobody else.</summary>
internal static class Access
{
    /// <summary>Guards a server with an authorization server of its own, on which the users sign in.</summary>
    /// <param name="server">What is guarded.</param>
    /// <param name="users">Who may sign in.</param>
    /// <param name="signedIn">Knows who has signed in over REST: the pages do not ask them again.</param>
    /// <param name="store">Keeps what people have agreed to, and the tokens of programs.</param>
    /// <param name="log">Hears what goes wrong.</param>
    public static void Guard(McpServer server, Users users, SignedIn signedIn, IAuthorizationStore store, ILoggerFactory log)
    {
        var authorizationServer = new AuthorizationServer(new AuthorizationServerOptions
        {
            ServiceName = "Personal DB",
            AuthorizePath = "/api/oauth/authorize",
            TokenPath = "/api/oauth/token",
            RegisterPath = "/api/oauth/register",
            RevokePath = "/api/oauth/revoke",
            KeysPath = "/api/oauth/jwks",
            Scopes = Scopes.InWords,
            DefaultScopes = Scopes.Usual,
            RedirectSchemes = ["cursor"], // Cursor has itself called back under a scheme of its own.
            SignInAsync = async (name, password, cancellationToken) => Person(await FindAsync(users, name, password, cancellationToken)),
            CurrentUserAsync = (http, _) => new(Person(signedIn.Find(http))),
            IsUserActiveAsync = (id, _) => new(users.Find(id) is not null),
            Store = store,
            LoggerFactory = log,
        });
        server.RequireAuthorization(options =>
        {
            options.AuthorizationServer = authorizationServer;
            options.ScopesSupported = Scopes.Usual;
        });
    }

    private static SignedInUser? Person(User? user) =>
        user is null ? null : new SignedInUser(user.Id, user.Name) { Scopes = Scopes.Of(user) };

    /// <summary>The authorization server counts wrong passwords too; who has run out of attempts here has no luck there either.</summary>
    private static async Task<User?> FindAsync(Users users, string name, string password, CancellationToken cancellationToken)
    {
        try
        {
            return await users.SignInAsync(name, password, cancellationToken);
        }
        catch (RefusedException)
        {
            return null;
        }
    }
}
