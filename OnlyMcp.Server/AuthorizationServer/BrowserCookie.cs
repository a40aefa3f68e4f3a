using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>The one cookie that the pages set. It says which browser this is, signed in or not, and the forms that it is shown are tied to it.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/security-considerations §Confused Deputy Problem</remarks>
internal sealed class BrowserCookie(Issuer issuer)
{
    // Cookies do not heed ports: two servers of one machine must not overwrite each other's.
    private readonly string name = issuer.IsHttps ? "__Host-sign-in" : $"sign-in-{issuer.Uri.Port}";

    /// <summary>What the browser sent; null if that is nothing, or nothing of ours.</summary>
    public string? Read(HttpExchange http)
    {
        string? found = null;
        foreach (var pair in (http.Header("Cookie") ?? "").Split(';', StringSplitOptions.TrimEntries))
        {
            if (!pair.StartsWith(name + "=", StringComparison.Ordinal))
                continue;
            if (found is not null)
                return null; // Somebody has put one beside ours.
            found = pair[(name.Length + 1)..];
        }

        return found is { Length: 43 } && Base64Url.IsValid(found) ? found : null;
    }

    /// <summary>Gives the browser a new one, so that nobody signs in to a cookie that somebody else knows.</summary>
    public string Renew(HttpExchange http)
    {
        var value = Secret.New();
        http.SetResponseHeader("Set-Cookie", $"{name}={value}; Path=/; HttpOnly; SameSite=Lax{(issuer.IsHttps ? "; Secure" : "")}");
        return value;
    }

    /// <summary>
    /// What a form of ours carries, and no form of another's can: it fits this browser, this person and this request alone. What a person
    /// agrees to is what he was shown.
    /// </summary>
    public static string FormToken(string cookie, string? subject, string query) => Base64Url.EncodeToString(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(cookie), Encoding.UTF8.GetBytes($"{subject}\n{query}")));
}
