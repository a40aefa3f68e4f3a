using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers.Pages;

/// <summary>
/// Takes a person back to the client, by itself or by a link. After a form this stands where one would expect a redirect: a browser that
/// holds redirects against the form's own policy would stop there, and at every further redirect of the client's.
/// </summary>
internal static class LeavingPage
{
    /// <summary>Takes the browser to the client.</summary>
    public static ValueTask LeaveAsync(HttpExchange http, ReturnAddress address, string target, AuthorizationServer server) => http.Method == "POST"
        ? After(address, target).SendAsync(http, 200, server)
        : OAuthReply.RedirectAsync(http, 302, target);

    /// <summary>After a form: goes on by itself.</summary>
    private static Page After(ReturnAddress address, string target) => new("Taking you back", Html.Of($"""
        <h1>Taking you back…</h1>
        <p>Your answer is on its way to <b>{address.Host}</b>.</p>
        <div class="choice"><a class="button first" href="{target}">Continue</a></div>
        """)) { GoesTo = target };

    /// <summary>Before anybody has decided anything. SHOULD: nobody is taken to a place that nobody here vouches for, unless he wants to go.</summary>
    public static Page Instead(ReturnAddress address, string target, RegisteredClient client, OAuthException error) =>
        new("This cannot be done", Html.Of($"""
        <h1>This cannot be done</h1>
        <p><bdi>{ClientName.Of(client)}</bdi> asked for something that it does not get here:</p>
        <p class="note bad">{error.Message}</p>
        <div class="choice"><a class="button" href="{target}">Go back to {address.Host}</a></div>
        """));
}
