using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers.Pages;

/// <summary>A page that a person sees: without script, in no frame of another's, and with nothing in it that does not come from here.</summary>
/// <param name="Title">What the page is for, in a few words.</param>
/// <param name="Content">What it says.</param>
internal sealed record Page(string Title, Html Content)
{
    // No form of these pages is sent elsewhere. Chromium holds the redirects after a form against this too, also those of the next site:
    // that is why what follows upon a form here is a page (see LeavingPage), and no redirect to a client.
    private static readonly string Policy =
        $"default-src 'none'; style-src {Style.Digest}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Where the page sends the browser by itself; null if it stays.</summary>
    public string? GoesTo { get; init; }

    /// <summary>Sends the page.</summary>
    public ValueTask SendAsync(HttpExchange http, int status, AuthorizationServer server)
    {
        http.SetResponseHeader("Content-Security-Policy", Policy);
        http.SetResponseHeader("X-Frame-Options", "DENY");

        // Not no-referrer, with which browsers call the origin of a form null.
        http.SetResponseHeader("Referrer-Policy", "same-origin");
        return OAuthReply.SendPageAsync(http, status, Whole(server.ServiceName).Text, server.Time);
    }

    private Html Whole(string service) => Html.Of($$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        {{(GoesTo is null ? Html.Nothing : Html.Of($"""<meta http-equiv="refresh" content="0; url={GoesTo}">"""))}}
        <title>{{Title}} – {{service}}</title>
        <style>{{new Html(Style.Sheet)}}</style>
        </head>
        <body>
        <main>
        <p class="service">{{service}}</p>
        {{Content}}
        </main>
        </body>
        </html>

        """);
}
