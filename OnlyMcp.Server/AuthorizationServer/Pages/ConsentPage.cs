namespace OnlyMcp.Server.AuthorizationServers.Pages;

/// <summary>Asks a person what a client may do.</summary>
/// <remarks>
/// MUST: it names the client, and the host that the answer goes to. SHOULD: it warns where any program could be the one that asks.
/// Spec: 2026-07-28 basic/authorization/security-considerations §Localhost Redirect URI Risks
/// Spec: 2026-07-28 basic/authorization/security-considerations §Confused Deputy Problem
/// </remarks>
internal static class ConsentPage
{
    /// <param name="request">Who asks, and what for.</param>
    /// <param name="user">Who is asked.</param>
    /// <param name="scopes">What would be allowed, each with its words.</param>
    /// <param name="service">Where.</param>
    /// <param name="formToken">What ties the form to this browser, this person and this request.</param>
    /// <param name="signingOut">How somebody else gets the page.</param>
    public static Page For(
        AuthorizationRequest request,
        SignedInUser user,
        IEnumerable<KeyValuePair<string, string>> scopes,
        string service,
        string formToken,
        SigningOut signingOut)
    {
        var client = ClientName.Of(request.Client);
        return new Page($"Allow {client}?", Html.Of($$"""
            <h1>Allow <bdi>{{client}}</bdi> to use {{service}} on your behalf?</h1>
            {{Scopes([.. scopes])}}
            <dl>
            {{Home(request.Client)}}
            <div><dt>After that you are taken to</dt>
            <dd><b>{{request.Return.Host}}</b>{{Html.If(request.Return.IsLoopback, new(", a program on this computer"))}}</dd></div>
            <div><dt>What it may use</dt><dd><code>{{request.Resource}}</code></dd></div>
            </dl>
            {{Warning(request, client)}}
            <form method="post">
            <input type="hidden" name="form_token" value="{{formToken}}">
            <div class="choice">
            <button class="first" name="decision" value="allow">Allow</button>
            <button name="decision" value="deny">Cancel</button>
            </div>
            <p class="who">You are signed in as <b><bdi>{{user.Name ?? user.Subject}}</bdi></b>.
            {{NotYou(signingOut)}}</p>
            </form>
            """));
    }

    private static Html NotYou(SigningOut signingOut) =>
        signingOut == SigningOut.Here ? new("""<button class="link" name="decision" value="sign-out">Not you?</button>""")
        : signingOut.Elsewhere is { } elsewhere ? Html.Of($"""<a href="{elsewhere}">Not you?</a>""")
        : Html.Nothing;

    private static Html Scopes(IReadOnlyList<KeyValuePair<string, string>> scopes) => scopes.Count == 0 ? Html.Nothing : Html.Of($$"""
        <h2>If you allow it, it can</h2>
        <ul>{{Html.All(scopes.Select(scope => Html.Of($"<li>{scope.Value}<code>{scope.Key}</code></li>")))}}</ul>
        """);

    private static Html Home(RegisteredClient client) => ClientName.HomeOf(client) is not { } home ? Html.Nothing : Html.Of($"""
        <div><dt>{(ClientName.IsDocument(client) ? "It belongs to" : "It says that it comes from")}</dt><dd><b>{home}</b></dd></div>
        """);

    private static Html Warning(AuthorizationRequest request, string client) =>
        request.Return.IsLoopback ? Html.Of($"""
            <p class="note" role="note">Any program on this computer can call itself <bdi>{client}</bdi>. Allow this only if you have just started
            it yourself.</p>
            """)
        : request.Client.IsVouchedFor ? Html.Nothing
        : Html.Of($"""
            <p class="note" role="note">Nobody here has checked who is behind <bdi>{client}</bdi>. Allow this only if you trust
            <b>{request.Return.Host}</b>.</p>
            """);
}

/// <summary>Where a person says that he is somebody else.</summary>
/// <param name="Elsewhere">A page of the application's; null for none.</param>
internal sealed record SigningOut(string? Elsewhere)
{
    /// <summary>By the form of the page itself.</summary>
    public static SigningOut Here { get; } = new("");

    public static SigningOut Nowhere { get; } = new((string?)null);
}
