using System.Net;
using System.Security.Cryptography;
using System.Text;
using OnlyMcp.Server.Http;

namespace PersonalDb.Pages;

/// <summary>Says at <c>/</c> what this is and how to connect, and at <c>/health</c> that it is there. No script.</summary>
internal sealed class StartPage(Func<Uri> publicAddress)
{
    private const string Style =
        "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}"
        + "pre{padding:.75rem;overflow-x:auto;background:#f3f3f0;border-radius:.25rem}td{padding:.1rem 1rem .1rem 0;vertical-align:top}"
        + "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#1b1b1b}pre{background:#2a2a2a}a{color:#8ab4f8}}";

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public async ValueTask<bool> HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        switch (http.Path)
        {
            case "/health":
                await SendAsync(http, "application/json", """{"status":"ok"}""", cancellationToken);
                return true;

            case "/":
                http.SetResponseHeader("Content-Security-Policy", Policy);
                await SendAsync(http, "text/html; charset=utf-8", Html(publicAddress().AbsoluteUri.TrimEnd('/')), cancellationToken);
                return true;

            default:
                return false;
        }
    }

    private static ValueTask SendAsync(HttpExchange http, string type, string text, CancellationToken cancellationToken)
    {
        http.SetResponseHeader("X-Content-Type-Options", "nosniff");
        if (http.Method is "GET" or "HEAD")
        {
            http.SetResponseHeader("Content-Type", type);
            return http.RespondAsync(200, http.Method == "GET" ? Encoding.UTF8.GetBytes(text) : default, cancellationToken);
        }

        http.SetResponseHeader("Allow", "GET, HEAD");
        return http.RespondAsync(405, default, cancellationToken);
    }

    private static string Html(string address)
    {
        var here = WebUtility.HtmlEncode(address);
        return $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Personal DB</title><style>{{Style}}</style>
            </head>
            <body>
            <h1>Personal DB</h1>
            <p>Keeps what you tell it, for you and for the programs that you let in: people, places, whatever has a schema.
            The same data is reached over REST and, by language models, over the Model Context Protocol.</p>
            <h2>Connect a program</h2>
            <p>Cursor, in <code>.cursor/mcp.json</code>; it opens a page on which you sign in:</p>
            <pre>{ "mcpServers": { "personal-db": { "url": "{{here}}/api/mcp" } } }</pre>
            <p>The Inspector, with the transport Streamable HTTP and the URL <code>{{here}}/api/mcp</code>:</p>
            <pre>npx @modelcontextprotocol/inspector</pre>
            <p>Or the console client of this repository:</p>
            <pre>dotnet run --project samples/06-sign-in -- {{here}}/api/mcp</pre>
            <h2>Become a user</h2>
            <pre>curl {{here}}/api/auth/register -H 'Content-Type: application/json' \
              -d '{"username":"NAME","password":"PASSWORD"}'</pre>
            <h2>What is where</h2>
            <table>
            <tr><td><code>/api/mcp</code></td><td>the MCP endpoint</td></tr>
            <tr><td><code>/api/auth/register</code>, <code>…/login</code>, <code>…/logout</code>, <code>…/me</code></td><td>users</td></tr>
            <tr><td><code>/api/schemas</code>, <code>/api/schemas/TYPE</code></td><td>schemas, which all share</td></tr>
            <tr><td><code>/api/schemas/TYPE/entities</code>, <code>…/ID</code></td><td>your entities</td></tr>
            <tr><td><code>/api/permissions/USER</code></td><td>who may do what</td></tr>
            <tr><td><code>/api/oauth/authorize</code>, <code>…/token</code></td><td>where programs get leave to act for you</td></tr>
            <tr><td><code>/health</code></td><td>whether it runs</td></tr>
            </table>
            </body>
            </html>
            """;
    }
}
