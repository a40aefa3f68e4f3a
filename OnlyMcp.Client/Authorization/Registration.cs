using System.Text.Json;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>One dynamic registration with an authorization server.</summary>
/// <remarks>
/// RFC 7591.
/// Spec: 2026-07-28 basic/authorization/client-registration §Dynamic Client Registration
/// Spec: 2026-07-28 basic/authorization/client-registration §Application Type and Redirect URI Constraints
/// Spec: 2025-03-26 basic/authorization §Dynamic Client Registration
/// </remarks>
internal sealed class Registration(GuardedHttp http, AuthorizationPlan plan, ClientAuthorization options)
{
    private const int MaxIdLength = 2000;
    private const AuthorizationStep Step = AuthorizationStep.Registration;
    private const string Native = "native";
    private const string Web = "web";

    private string Issuer => AuthorizationException.Cite(plan.Server.Issuer);

    /// <summary>Registers the client, with less or something else said of it if it is refused so.</summary>
    /// <exception cref="AuthorizationException">It is refused for good, or the answer makes no client.</exception>
    public async Task<ClientCredentials> SendAsync(
        Uri endpoint, Uri redirectUri, IReadOnlyCollection<string> scopes, CancellationToken cancellationToken)
    {
        var first = Describe(redirectUri, scopes);
        for (var sent = first; ;)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(sent, OAuthJson.Wire.ClientMetadata);
            var answer = await http.PostJsonAsync(endpoint, json, null, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess)
                return ClientOf(answer.Read(OAuthJson.Wire.ClientMetadata, Step, "The client's registration"), sent);

            var error = answer.ReadError();
            sent = Adjusted(sent, first, error?.Error) ?? throw Refused(answer, error, first);
        }
    }

    private ClientMetadata Describe(Uri redirectUri, IReadOnlyCollection<string> scopes)
    {
        var isNative = FetchPolicy.IsLoopback(redirectUri);

        // Choice: all that the server may come to ask for is registered, for some refuse later what is not. Nothing of it is granted so.
        var all = ScopeSet.Of(scopes).Union(ScopeSet.Of(plan.Resource?.ScopesSupported));
        return new()
        {
            ClientName = options.ClientName,
            ClientUri = options.ClientUri?.AbsoluteUri,
            RedirectUris = [RedirectUri.Text(redirectUri)],
            ResponseTypes = ["code"],
            Scope = all.Count > 0 ? ScopeSet.Format(all) : null,
            TokenEndpointAuthMethod = MethodFor(isNative),

            // SHOULD: refresh tokens are asked for, unless the server says that it has none.
            GrantTypes = plan.Server.GrantTypesSupported?.Contains(GrantType.RefreshToken) == false
                ? [GrantType.AuthorizationCode] : [GrantType.AuthorizationCode, GrantType.RefreshToken],

            // MUST: said, for left out it means a web application, whose redirect URI cannot be on this machine.
            ApplicationType = isNative ? Native : Web,
        };
    }

    /// <summary>Choice: a program on a person's machine keeps no secret, if the server lets it; one on a server does.</summary>
    private string MethodFor(bool isNative)
    {
        string[] best = isNative
            ? [ClientAuthMethod.None, ClientAuthMethod.ClientSecretBasic, ClientAuthMethod.ClientSecretPost]
            : [ClientAuthMethod.ClientSecretBasic, ClientAuthMethod.ClientSecretPost, ClientAuthMethod.None];

        // RFC 8414 §2: where nothing is said, it is this.
        var supported = plan.Server.TokenEndpointAuthMethodsSupported ?? [ClientAuthMethod.ClientSecretBasic];
        return best.FirstOrDefault(supported.Contains) ?? throw new AuthorizationException(
            Step,
            $"The authorization server {Issuer} lets clients prove who they are by "
            + $"{AuthorizationException.Cite(string.Join(", ", supported))} alone, for which a client cannot register by itself. Register "
            + "one by hand, and put its credentials into ClientAuthorization.Clients.");
    }

    /// <summary>MAY: what to say instead, after a refusal; null if there is nothing left to change. At most two changes.</summary>
    private static ClientMetadata? Adjusted(ClientMetadata sent, ClientMetadata first, string? error) => error switch
    {
        OAuthErrorCode.InvalidClientMetadata when sent.Scope is not null => sent with { Scope = null },
        OAuthErrorCode.InvalidClientMetadata or OAuthErrorCode.InvalidRedirectUri when sent.ApplicationType == first.ApplicationType =>
            sent with { ApplicationType = sent.ApplicationType == Native ? Web : Native },
        _ => null,
    };

    private ClientCredentials ClientOf(ClientMetadata answer, ClientMetadata sent)
    {
        if (answer.ClientId is not { Length: > 0 and <= MaxIdLength } id)
            throw Unusable("gave it no client_id, or one that is too long");

        // RFC 7591 §3.2.1: the server may register something else than was asked for, and says so.
        var method = answer.TokenEndpointAuthMethod
            ?? (answer.ClientSecret is null ? ClientAuthMethod.None : sent.TokenEndpointAuthMethod!);
        if (method is not (ClientAuthMethod.None or ClientAuthMethod.ClientSecretBasic or ClientAuthMethod.ClientSecretPost))
            throw Unusable($"has it prove who it is by {AuthorizationException.Cite(method)}, for which it has nothing");
        if (method != ClientAuthMethod.None && answer.ClientSecret is not { Length: > 0 })
            throw Unusable($"has it prove who it is by {method}, and gave it no secret");
        if (answer.RedirectUris is { Count: > 0 } registered && !registered.Contains(sent.RedirectUris![0]))
            throw Unusable($"registered other redirect URIs than {sent.RedirectUris[0]}");

        return new()
        {
            Issuer = plan.Server.Issuer,
            ClientId = id,
            ClientSecret = method == ClientAuthMethod.None ? null : answer.ClientSecret,
            AuthMethod = method,
            SecretExpiresAt = method == ClientAuthMethod.None ? null : ExpiryOf(answer.ClientSecretExpiresAt),
            RedirectUris = sent.RedirectUris!,
            Scopes = [.. ScopeSet.Parse(sent.Scope)],
        };
    }

    /// <summary>0 means never; what lies beyond the calendar does too.</summary>
    private static DateTimeOffset? ExpiryOf(long? seconds) =>
        seconds is > 0 and <= 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;

    private AuthorizationException Unusable(string what) => new(
        Step,
        $"The authorization server {Issuer} registered the client, and {what}. Register one by hand, and put its credentials into "
        + "ClientAuthorization.Clients.");

    private AuthorizationException Refused(Fetched answer, OAuthError? error, ClientMetadata first)
    {
        var came = error is null ? answer.ToString()
            : $"{AuthorizationException.Cite(error.Error)} ({AuthorizationException.Cite(error.ErrorDescription)})";
        return new(
            Step,
            $"The authorization server {Issuer} did not register the client ({first.ApplicationType}, redirect URI "
            + $"{first.RedirectUris![0]}) at {GuardedHttp.Show(answer.Uri)}: {came}. Register one by hand, and put its id, with the "
            + "server's issuer, into ClientAuthorization.Clients.")
        {
            Error = error,
        };
    }
}
