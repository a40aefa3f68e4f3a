namespace OnlyMcp.Server.AuthorizationServers.Pages;

/// <summary>Tells a person that it goes no further here, and why.</summary>
internal static class ProblemPage
{
    /// <param name="error">What is wrong.</param>
    public static Page For(OAuthException error) => new("This cannot be done", Html.Of($"""
        <h1>This cannot be done</h1>
        <p class="note bad" role="alert">{error.Message}</p>
        <p class="quiet">Nothing was allowed, and you have not been taken anywhere. You can close this page, and start again from the program
        that sent you here. <code>{error.Error}</code></p>
        """));

    /// <summary>The form was made for another browser, another person or another request than those that it came with.</summary>
    public static Page Stale(string again) => new("Please try again", Html.Of($"""
        <h1>Please try again</h1>
        <p class="note" role="alert">This page was out of date: somebody has signed in or out since, or this browser keeps no cookies.</p>
        <div class="choice"><a class="button first" href="{again}">Try again</a></div>
        """));
}
