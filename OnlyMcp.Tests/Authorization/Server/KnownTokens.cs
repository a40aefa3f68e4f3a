using System.Collections.Concurrent;
using System.Security.Claims;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Authorization;

namespace OnlyMcp.Tests.Authorization.Server;

/// <summary>A verifier that knows a few tokens by heart; all others are worth nothing.</summary>
internal sealed class KnownTokens : ITokenVerifier
{
    public const string Issuer = "https://login.example.com";

    private readonly ConcurrentDictionary<string, AccessToken> known = new();

    /// <summary>What new tokens are for.</summary>
    public string Audience { get; set; } = "https://mcp.example.com/mcp";

    /// <summary>What happens instead, if anything.</summary>
    public Func<CancellationToken, Task>? Instead { get; set; }

    /// <summary>The tokens that were asked about.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Issues a token to somebody, under his name unless it is given another.</summary>
    public KnownTokens Add(string user, string scopes = "", string? token = null, Func<AccessToken, AccessToken>? change = null)
    {
        var issued = new AccessToken
        {
            Principal = Somebody(user),
            Issuer = Issuer,
            Audiences = [Audience],
            Scopes = ScopeSet.Parse(scopes),
        };
        known[token ?? user] = change?.Invoke(issued) ?? issued;
        return this;
    }

    public async ValueTask<AccessToken> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        Asked.Enqueue(token);
        if (Instead is not null)
            await Instead(cancellationToken);
        return known.TryGetValue(token, out var found) ? found : throw new InvalidTokenException("Nobody knows this token.");
    }

    public static ClaimsPrincipal Somebody(string user, string issuer = Issuer) =>
        new(new ClaimsIdentity([new Claim("sub", user, null, issuer)], "test"));
}
