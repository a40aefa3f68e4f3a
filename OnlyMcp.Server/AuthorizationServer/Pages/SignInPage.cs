namespace OnlyMcp.Server.AuthorizationServers.Pages;

/// <summary>Asks a person who he is.</summary>
internal static class SignInPage
{
    private static readonly Html Focus = new(" autofocus");

    /// <param name="request">What it is for.</param>
    /// <param name="service">Where to.</param>
    /// <param name="formToken">What ties the form to this browser.</param>
    /// <param name="name">What was typed before.</param>
    /// <param name="problem">What was wrong with it; null if nothing.</param>
    public static Page For(AuthorizationRequest request, string service, string formToken, string? name = null, string? problem = null) =>
        new("Sign in", Html.Of($$"""
            <h1>Sign in</h1>
            <p><b><bdi>{{ClientName.Of(request.Client)}}</bdi></b> would like to use {{service}} on your behalf. First say who you are;
            then you decide what it may do.</p>
            {{(problem is null ? Html.Nothing : Html.Of($"""<p class="note bad" role="alert" id="problem">{problem}</p>"""))}}
            <form method="post">
            <input type="hidden" name="form_token" value="{{formToken}}">
            <label for="username">User name</label>
            <input id="username" name="username" value="{{name}}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256"
            required{{Html.If(name is null, Focus)}}{{Described(problem)}}>
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" maxlength="256"
            required{{Html.If(name is not null, Focus)}}{{Described(problem)}}>
            <div class="choice">
            <button class="first" name="decision" value="sign-in">Sign in</button>
            <button name="decision" value="deny" formnovalidate>Cancel</button>
            </div>
            </form>
            """));

    private static Html Described(string? problem) => Html.If(problem is not null, new(" aria-invalid=\"true\" aria-describedby=\"problem\""));
}
