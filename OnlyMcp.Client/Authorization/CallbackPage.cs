using System.Security.Cryptography;
using System.Text;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// A page that a browser shows when it comes back from a sign-in. It is the same every time: no script, and no word of what the address,
/// or the authorization server, said.
/// </summary>
internal sealed class CallbackPage
{
    private const string Style =
        "*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem 1rem}"
        + "body{font:1rem/1.55 system-ui,sans-serif;color:#1b2330;background:#eef1f6}"
        + "main{width:100%;max-width:29rem;padding:2rem;border:1px solid #d9dfe9;border-radius:1rem;background:#fff}"
        + "h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25}p{margin:0}"
        + ".agreed h1::before{color:#1a7f45;content:'\\2713\\a0'/''}.refused h1::before{color:#c43838;content:'\\2715\\a0'/''}"
        + "@media(prefers-color-scheme:dark){body{color:#e8ecf3;background:#10141b}main{border-color:#303947;background:#1a2029}"
        + ".agreed h1::before{color:#6fd29a}.refused h1::before{color:#e27272}}";

    /// <summary>The browser brought an answer that agrees.</summary>
    public static readonly CallbackPage Agreed = new(
        200, "agreed", "You can close this page", "Your sign-in is on its way to the program that asked for it. Go back there.");

    /// <summary>The browser brought an answer that refuses.</summary>
    public static readonly CallbackPage Refused = new(
        200,
        "refused",
        "You are not signed in",
        "The sign-in was refused or did not work. The program that asked for it has been told why. Go back there.");

    /// <summary>The address is right, and what it carries is nobody's answer.</summary>
    public static readonly CallbackPage Stray = new(
        400,
        "stray",
        "No sign-in waits for this",
        "This address belongs to no sign-in that is going on. Go back to the program and sign in from there.");

    /// <summary>The answer has been brought before.</summary>
    public static readonly CallbackPage Over = new(
        410, "stray", "This sign-in is over", "Its answer has come already. Go back to the program that asked for it.");

    /// <summary>Nothing is at that address.</summary>
    public static readonly CallbackPage NotHere = new(
        404, "stray", "Nothing is here", "A program waits here for a sign-in, at another address.");

    /// <summary>A form, a program, or whatever does not just open the page.</summary>
    public static readonly CallbackPage WrongVerb = new(
        405, "stray", "Nothing is sent here", "A browser comes here to read a page, and for nothing else.", ("Allow", "GET"));

    private CallbackPage(int status, string kind, string title, string text, params (string Name, string Value)[] more)
    {
        Status = status;
        Headers =
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", Policy),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            .. more,
        ];
        Body = Encoding.UTF8.GetBytes($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title}</title>
            <style>{Style}</style>
            </head>
            <body><main class="{kind}"><h1>{title}</h1><p>{text}</p></main></body>
            </html>

            """);
    }

    /// <summary>The status that it goes out with.</summary>
    public int Status { get; }

    /// <summary>The headers that it goes out with.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>Its bytes.</summary>
    public byte[] Body { get; }

    private static string Policy =>
        $"default-src 'none'; style-src 'sha256-{Digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string Digest => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));
}
