using System.Buffers.Text;
using System.Security.Cryptography;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>A person's sign-in, from the first redirect to the token: the authorization code grant with proof key.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic/authorization §Authorization Flow Steps
/// Spec: 2026-07-28 basic/authorization §Authorization Response Validation
/// Spec: 2026-07-28 basic/authorization §Resource Parameter Implementation
/// </remarks>
internal sealed class CodeGrant(
    ClientAuthorization options, Registrar registrar, KnownClients clients, TokenEndpoint endpoint, string resource)
{
    /// <summary>Has the person sign in, and gets the token.</summary>
    /// <exception cref="AuthorizationException">It came to nothing.</exception>
    public async Task<StoredTokens> SignInAsync(
        AuthorizationPlan plan, IReadOnlyCollection<string> scopes, ProofKey? proof, CancellationToken cancellationToken)
    {
        plan.RequireSignIn();
        if (options.SignIn is not { } signIn)
        {
            throw new AuthorizationException(
                AuthorizationStep.SignIn,
                "A person has to sign in, and there is no way to: set ClientAuthorization.SignIn, or a Grant that needs nobody.");
        }

        var issuer = plan.Server.Issuer;
        for (var again = false; ; again = true)
        {
            var kept = await options.Tokens.FindRegistrationAsync(issuer, options.Profile, cancellationToken).ConfigureAwait(false);

            // The redirect address is known, and listened to, before anybody is told of it.
            var attempt = await HostsAsync(() => signIn.BeginAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            await using var ending = attempt.ConfigureAwait(false);
            var client = await registrar.ClientForAsync(plan, attempt.RedirectUri, scopes, cancellationToken).ConfigureAwait(false);
            try
            {
                return await SignInAsync(plan, client, attempt, scopes, proof, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (client.ClientId == kept?.ClientId && MayBeForgotten(fault))
            {
                // Authorization servers forget clients that registered long ago, and tell so either us or the person at the browser alone.
                await options.Tokens.ForgetRegistrationAsync(client, options.Profile, CancellationToken.None).ConfigureAwait(false);
                if (again || fault is not AuthorizationException { Error: not null })
                    throw;
            }
        }
    }

    private async Task<StoredTokens> SignInAsync(
        AuthorizationPlan plan, ClientCredentials client, ISignInAttempt attempt, IReadOnlyCollection<string> scopes, ProofKey? proof,
        CancellationToken cancellationToken)
    {
        // SHOULD: the state is ours alone and used once. MUST: so is the verifier; and the issuer that both are for is the one in the plan.
        var state = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var verifier = Pkce.NewVerifier();
        var address = AddressOf(plan, client, attempt.RedirectUri, scopes, state, verifier);
        var callback = await HostsAsync(() => attempt.SignInAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        var code = CodeIn(AuthorizationResponse.Parse(callback), state, plan.Server);

        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", GrantType.AuthorizationCode),
            new("code", code),
            new("redirect_uri", attempt.RedirectUri.OriginalString),
            new("code_verifier", verifier),
        ];

        // MUST: the resource stands in both requests, whether or not the authorization server knows the parameter.
        if (plan.ResourceIdentifier is { } target)
            form.Add(new("resource", target));
        var answer = await endpoint.AskAsync(plan.Server, client, form, proof, cancellationToken).ConfigureAwait(false);
        var tokens = endpoint.Keep(answer, new TokenKey(plan.Server.Issuer, client.ClientId, resource, options.Profile), scopes);
        return clients.IsTheHosts(client) ? tokens : tokens with { Registration = client };
    }

    /// <summary>
    /// What the host does for a sign-in. That it gives up by itself is no cancellation of the request, and what it throws is told as what it
    /// is: the sign-in that did not work.
    /// </summary>
    private static async ValueTask<T> HostsAsync<T>(Func<ValueTask<T>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not AuthorizationException && !cancellationToken.IsCancellationRequested)
        {
            var what = fault is OperationCanceledException ? "was given up." : $"did not work: {AuthorizationException.Cite(fault.Message)}";
            throw new AuthorizationException(AuthorizationStep.SignIn, $"The sign-in {what} That is for ClientAuthorization.SignIn to mend, or to try again.", fault);
        }
    }

    /// <summary>Whether it fits a server that does not know the client: it says so, or nobody came back.</summary>
    private static bool MayBeForgotten(Exception fault) => fault is OperationCanceledException
        || (fault is AuthorizationException { Error: null, Step: AuthorizationStep.SignIn })
        || (fault is AuthorizationException { Error.Error: OAuthErrorCode.InvalidClient or OAuthErrorCode.UnauthorizedClient });

    private static Uri AddressOf(
        AuthorizationPlan plan, ClientCredentials client, Uri redirectUri, IReadOnlyCollection<string> scopes, string state, string verifier)
    {
        List<KeyValuePair<string, string>> query =
        [
            new("response_type", "code"),
            new("client_id", client.ClientId),
            new("redirect_uri", redirectUri.OriginalString),
            new("state", state),
            new("code_challenge", Pkce.ChallengeOf(verifier)),
            new("code_challenge_method", Pkce.Method),
        ];
        if (plan.ResourceIdentifier is { } target)
            query.Add(new("resource", target));
        if (scopes.Count > 0)
            query.Add(new("scope", ScopeSet.Format(scopes)));

        // OpenID Connect §11: who asks for offline access has the person asked, or gets none.
        if (scopes.Contains("offline_access"))
            query.Add(new("prompt", "consent"));

        var endpoint = new UriBuilder(plan.Server.AuthorizationEndpoint!);
        var own = endpoint.Query.TrimStart('?');
        var ours = string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        endpoint.Query = own.Length > 0 ? $"{own}&{ours}" : ours;
        return endpoint.Uri;
    }

    /// <summary>The code of an answer that is to our request, and from the server that it went to.</summary>
    private static string CodeIn(AuthorizationResponse response, string state, AuthorizationServerMetadata server)
    {
        // SHOULD: an answer without our state, or with another, was not asked for.
        if (response.State != state)
        {
            throw new AuthorizationException(
                AuthorizationStep.SignIn,
                "The answer that the browser brought does not belong to this sign-in (its 'state' is missing or another), and was dropped. "
                + "Sign in again, and do not follow links of others.");
        }

        CheckIssuer(response.Issuer, server);
        if (response.Error is not { } error)
            return response.Code!;

        var words = response.ErrorDescription is { } description ? $": {AuthorizationException.Cite(description)}" : "";
        var advice = error == OAuthErrorCode.AccessDenied ? "The person, or the server, said no." : "Its operator knows more.";
        throw new AuthorizationException(
            AuthorizationStep.SignIn,
            $"{AuthorizationException.Cite(server.Issuer)} answered the sign-in with '{AuthorizationException.Cite(error)}'{words}. {advice}")
        {
            Error = new OAuthError { Error = error, ErrorDescription = response.ErrorDescription, ErrorUri = response.ErrorUri },
        };
    }

    /// <summary>
    /// MUST: the issuer that an answer names is compared letter by letter, before anything else of it is used, errors included; one that
    /// was announced and is missing is as wrong as another.
    /// </summary>
    private static void CheckIssuer(string? issuer, AuthorizationServerMetadata server)
    {
        if (issuer is null && server.AuthorizationResponseIssParameterSupported != true)
            return;
        if (issuer == server.Issuer)
            return;

        var what = issuer is null ? "does not say who answers, although that was announced" : $"is from {AuthorizationException.Cite(issuer)}";
        throw new AuthorizationException(
            AuthorizationStep.SignIn,
            $"The answer that the browser brought {what}; expected was {AuthorizationException.Cite(server.Issuer)}. Nothing of it was used: "
            + "somebody may have mixed two servers up on purpose.");
    }
}
