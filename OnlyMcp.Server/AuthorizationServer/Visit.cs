using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.AuthorizationServers.Pages;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>A person at a browser, with the request that a client sent him with.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/security-considerations §Confused Deputy Problem</remarks>
internal sealed class Visit(AuthorizationServer server, HttpExchange http, AuthorizationRequest request)
{
    /// <summary>The field of a form that ties it to the browser.</summary>
    public const string FormToken = "form_token";

    private readonly BrowserCookie cookies = new(server.Self);
    private string? cookie;
    private SignedInUser? user;
    private bool isApplications;

    /// <summary>Shows what comes next: the sign-in, the question, or nothing where it was answered before.</summary>
    public async ValueTask ShowAsync(CancellationToken cancellationToken)
    {
        await IdentifyAsync(cancellationToken).ConfigureAwait(false);
        if (user is null)
            await AskWhoAsync().ConfigureAwait(false);
        else if (await server.Consents.CoversAsync(request, user, ScopesOf(user), cancellationToken).ConfigureAwait(false))
            await LeaveWithCodeAsync(user, cancellationToken).ConfigureAwait(false);
        else
            await AskConsentAsync(user).ConfigureAwait(false);
    }

    /// <summary>Does what a form says.</summary>
    public async ValueTask DecideAsync(OAuthParameters form, CancellationToken cancellationToken)
    {
        await IdentifyAsync(cancellationToken).ConfigureAwait(false);

        // MUST: a page of another site cannot make up what a person decides here.
        var fits = cookie is not null && Secret.AreSame(form[FormToken] ?? "", NewFormToken(cookie));
        await DoAsync(fits ? form["decision"] : null, form, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask DoAsync(string? decision, OAuthParameters form, CancellationToken cancellationToken) => (decision, user) switch
    {
        ("deny", _) => LeaveAsync(request.Return.WithError(new OAuthException(OAuthErrorCode.AccessDenied, "The person said no."))),
        ("sign-in", null) => SignInAsync(form["username"], form["password"], cancellationToken),
        ("sign-out", not null) when !isApplications => SignOutAsync(),
        ("allow", { } person) => AllowAsync(person, cancellationToken),
        _ => ProblemPage.Stale(Here).SendAsync(http, 403, server),
    };

    /// <summary>This very page, wherever a proxy has put it.</summary>
    private string Here => $"?{http.Query}";

    private async ValueTask IdentifyAsync(CancellationToken cancellationToken)
    {
        cookie = cookies.Read(http);
        user = await server.SignIns.FindApplicationsAsync(http, cancellationToken).ConfigureAwait(false);
        isApplications = user is not null;
        user ??= await server.SignIns.FindAsync(cookie, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask AskWhoAsync()
    {
        if (server.Options.SignInAddress is { } elsewhere)
            return OAuthReply.RedirectAsync(http, 303, WithReturn(elsewhere));
        if (server.Options.SignInAsync is null)
            throw new OAuthException(OAuthErrorCode.AccessDenied, "Nobody is signed in. Sign in to the service first, and then start again.", 403);
        return AskWhoAsync(200, null, null);
    }

    private ValueTask AskWhoAsync(int status, string? name, string? problem) => SignInPage
        .For(request, server.ServiceName, NewFormToken(cookie ??= cookies.Renew(http)), name, problem)
        .SendAsync(http, status, server);

    private async ValueTask SignInAsync(string? name, string? password, CancellationToken cancellationToken)
    {
        try
        {
            if (await server.SignIns.CheckAsync(http, name, password, cancellationToken).ConfigureAwait(false) is not { } person)
            {
                await AskWhoAsync(403, name, "This user name and password do not belong together.").ConfigureAwait(false);
                return;
            }

            // MUST: a new cookie, so that whoever knew the old one, or had planted it, is not signed in along with the person.
            await server.SignIns.BeginAsync(cookies.Renew(http), person, cancellationToken).ConfigureAwait(false);
            await OAuthReply.RedirectAsync(http, 303, Here).ConfigureAwait(false);
        }
        catch (OAuthException tooMany) when (tooMany.Status == 429)
        {
            OAuthReply.Delay(http, tooMany);
            await AskWhoAsync(429, name, tooMany.Message).ConfigureAwait(false);
        }
    }

    private async ValueTask SignOutAsync()
    {
        await server.SignIns.EndAsync(cookie).ConfigureAwait(false);
        cookies.Renew(http);
        await OAuthReply.RedirectAsync(http, 303, Here).ConfigureAwait(false);
    }

    private ValueTask AskConsentAsync(SignedInUser person) => ConsentPage
        .For(request, person, ScopesOf(person).Select(scope => KeyValuePair.Create(scope, server.Scopes[scope])), server.ServiceName,
            NewFormToken(cookie ??= cookies.Renew(http)), WhereToSignOut())
        .SendAsync(http, 200, server);

    /// <summary>Whom the application has signed in, it signs out, on its own page if it has one: here he would stay who he is.</summary>
    private SigningOut WhereToSignOut() => !isApplications ? SigningOut.Here
        : server.Options.SignInAddress is { } elsewhere ? new SigningOut(WithReturn(elsewhere))
        : SigningOut.Nowhere;

    private async ValueTask AllowAsync(SignedInUser person, CancellationToken cancellationToken)
    {
        await server.Consents.RememberAsync(request, person, ScopesOf(person), cancellationToken).ConfigureAwait(false);
        await LeaveWithCodeAsync(person, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask LeaveWithCodeAsync(SignedInUser person, CancellationToken cancellationToken)
    {
        var code = await server.Codes.NewAsync(request, person, ScopesOf(person), cancellationToken).ConfigureAwait(false);
        await LeaveAsync(request.Return.WithCode(code)).ConfigureAwait(false);
    }

    private ValueTask LeaveAsync(string target) => LeavingPage.LeaveAsync(http, request.Return, target, server);

    /// <summary>Of what the client asks for, what the person has to give.</summary>
    private IReadOnlyList<string> ScopesOf(SignedInUser person)
    {
        if (person.Scopes is null || request.Scopes.Count == 0)
            return request.Scopes;

        string[] scopes = [.. request.Scopes.Where(person.Scopes.Contains)];
        return scopes.Length > 0 ? scopes : throw new OAuthException(OAuthErrorCode.AccessDenied, "The person has nothing of this to give.");
    }

    private string NewFormToken(string browser) => BrowserCookie.FormToken(browser, user?.Subject, http.Query);

    private string WithReturn(Uri elsewhere)
    {
        var here = Uri.EscapeDataString(server.Self.Below(server.Options.AuthorizePath) + Here);
        return $"{elsewhere.AbsoluteUri}{(elsewhere.Query.Length == 0 ? "?" : "&")}return_to={here}";
    }
}
