using OnlyMcp.Server.Http;
using PersonalDb.Accounts;
using PersonalDb.Store;

namespace PersonalDb.Rest;

/// <summary>Knows who sends a request: by the cookie that a sign-in sets, or by the same token as a bearer token.</summary>
/// <remarks>
/// The access tokens of MCP clients are no use here. They were given for the MCP endpoint, and who got one there is not meant to have all.
/// </remarks>
internal sealed class SignedIn(Sessions sessions, Uri? publicAddress)
{
    private const string Cookie = "session";

    // Browsers take a secure cookie from http://localhost too, except for Safari; there a token in the header does.
    private const string Attributes = "Path=/; Secure; HttpOnly; SameSite=Lax";

    /// <summary>Gives a browser the token to keep.</summary>
    public static (string, string) SetCookie(string token) =>
        ("Set-Cookie", $"{Cookie}={token}; Max-Age={Sessions.Lifetime.TotalSeconds:0}; {Attributes}");

    /// <summary>Takes it back.</summary>
    public static (string, string) ClearCookie { get; } = ("Set-Cookie", $"{Cookie}=; Max-Age=0; {Attributes}");

    /// <summary>The token that came with a request; null if none did.</summary>
    public static string? TokenOf(HttpExchange http) => BearerOf(http) ?? CookieOf(http);

    /// <exception cref="RestException">Nobody is signed in (401).</exception>
    public User Require(HttpExchange http)
    {
        if (TokenOf(http) is not { } token)
            throw new RestException(401, "Missing Authorization header or session cookie");
        return sessions.Find(token) ?? throw new RestException(401, "Session expired or unknown, please log in again");
    }

    /// <summary>Who is signed in in this browser; null for nobody.</summary>
    public User? Find(HttpExchange http) => CookieOf(http) is { } token ? sessions.Find(token) : null;

    /// <summary>
    /// A browser sends the cookie along whoever's page it was that sent the request: what changes something has to come from a page of
    /// our own, or from no page.
    /// </summary>
    /// <exception cref="RestException">It comes from a page of another site (403).</exception>
    public void CheckOrigin(HttpExchange http)
    {
        if (http.Method is "GET")
            return;

        var site = http.Header("Sec-Fetch-Site") is null or "same-origin" or "none";
        if (!site || (http.Header("Origin") is { } origin && !IsOwn(origin, http)))
            throw new RestException(403, "A page of another site sent this request");
    }

    private bool IsOwn(string origin, HttpExchange http) =>
        origin == $"http://{http.Header("Host")}" || origin == publicAddress?.GetLeftPart(UriPartial.Authority);

    private static string? BearerOf(HttpExchange http) =>
        http.Header("Authorization")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            null => null,
            [var scheme, var token] when scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) => token,
            _ => throw new RestException(401, "Invalid Authorization header format. Use 'Bearer <token>'"),
        };

    private static string? CookieOf(HttpExchange http) => http.Header("Cookie")?.Split(';')
        .Select(pair => pair.Trim().Split('=', 2))
        .FirstOrDefault(pair => pair is [Cookie, not ""])?[1];
}
