using System.Text.Json;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>Asks an authorization server for a token, and reads what it answers.</summary>
/// <remarks>
/// RFC 6749 §4.1.3 and §5, RFC 9449 §5.
/// Spec: 2026-07-28 basic/authorization §Token Requirements
/// </remarks>
internal sealed class TokenEndpoint(GuardedHttp http, TimeProvider time)
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    /// <summary>Asks.</summary>
    /// <param name="server">The authorization server.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="form">What for; the client's proof of who it is comes along by itself.</param>
    /// <param name="proof">The key that the token is to be bound to; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AuthorizationException">It refuses, or answers what nobody can use.</exception>
    public async Task<TokenResponse> AskAsync(
        AuthorizationServerMetadata server, ClientCredentials client, IReadOnlyList<KeyValuePair<string, string>> form, ProofKey? proof,
        CancellationToken cancellationToken)
    {
        var step = form.Contains(new("grant_type", GrantType.RefreshToken)) ? AuthorizationStep.Refresh : AuthorizationStep.Token;
        if (server.TokenEndpoint is not { } address || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
            throw new AuthorizationException(step, $"The authorization server {AuthorizationException.Cite(server.Issuer)} names no token_endpoint.");

        for (var again = false; ; again = true)
        {
            var answer = await SendAsync(uri, server, client, form, proof, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess && !IsRefusal(answer))
                return Read(step, answer);

            var error = ErrorIn(answer);
            if (error?.Error != OAuthErrorCode.UseDpopNonce || proof is null || again)
                throw Refused(step, answer, error, client);
        }
    }

    /// <summary>Its answer as it is kept. MUST NOT: a token of a kind that we do not know is not used.</summary>
    /// <param name="answer">What it answered.</param>
    /// <param name="key">What the tokens are kept by.</param>
    /// <param name="requested">The scopes that were asked for.</param>
    /// <exception cref="AuthorizationException">Nobody knows how to use the token.</exception>
    public StoredTokens Keep(TokenResponse answer, TokenKey key, IReadOnlyCollection<string> requested)
    {
        var now = time.GetUtcNow();
        return new StoredTokens
        {
            Key = key,
            AccessToken = answer.AccessToken,
            TokenType = TypeOf(answer, key),
            ObtainedAt = now,

            // Choice: a token that has ended as it comes is one of which nobody said how long it lasts.
            ExpiresAt = answer.ExpiresIn is > 0 and var seconds ? now + LifeOf(seconds) : null,
            RefreshToken = answer.RefreshToken is { Length: > 0 } refresh ? refresh : null,

            // What is not said was granted as it was asked for.
            Scopes = answer.Scope is { } scope ? [.. ScopeSet.Parse(scope)] : [.. requested],
            RequestedScopes = [.. requested],
        };
    }

    private async Task<Fetched> SendAsync(
        Uri uri, AuthorizationServerMetadata server, ClientCredentials client, IReadOnlyList<KeyValuePair<string, string>> form, ProofKey? proof,
        CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> fields = [.. form];
        List<KeyValuePair<string, string>> headers = [];
        ClientProof.Add(server, client, fields, headers, time.GetUtcNow());
        if (proof is not null)
            headers.Add(new(ProofKey.Header, proof.ProofFor(HttpMethod.Post, uri, accessToken: null)));

        var answer = await http.PostFormAsync(uri, fields, headers, cancellationToken).ConfigureAwait(false);
        proof?.Hear(uri, answer.Headers);
        return answer;
    }

    private static TokenResponse Read(AuthorizationStep step, Fetched answer)
    {
        var token = answer.Read(OAuthJson.Wire.TokenResponse, step, "A token");
        if (token.AccessToken.Length == 0 || token.AccessToken.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new AuthorizationException(
                step, $"The token endpoint {GuardedHttp.Show(answer.Uri)} gave an access_token that no header can carry. That is a fault of the authorization server.");
        }

        return token;
    }

    /// <summary>Some servers refuse with status 200.</summary>
    private static bool IsRefusal(Fetched answer) => ErrorIn(answer) is not null;

    private static OAuthError? ErrorIn(Fetched answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, OAuthJson.Wire.OAuthError);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AuthorizationException Refused(AuthorizationStep step, Fetched answer, OAuthError? error, ClientCredentials client)
    {
        var where = $"The token endpoint {GuardedHttp.Show(answer.Uri)}";
        if (error is null)
        {
            return new AuthorizationException(
                step, $"{where} gave neither a token nor an error of OAuth: {answer}.");
        }

        var description = error.ErrorDescription is { } words ? $": {AuthorizationException.Cite(words)}" : "";
        return new AuthorizationException(step, $"{where} refused ({AuthorizationException.Cite(error.Error)}{description}). {AdviceOn(error.Error, client)}") { Error = error };
    }

    private static string AdviceOn(string error, ClientCredentials client) => error switch
    {
        OAuthErrorCode.InvalidClient => $"It does not know the client '{AuthorizationException.Cite(client.ClientId)}', or its proof is wrong: look at its id, its secret or key, and its method.",
        OAuthErrorCode.InvalidGrant => "What was presented is used, expired or somebody else's: sign in again, or present a fresh assertion.",
        OAuthErrorCode.UnauthorizedClient => "The client may not ask in this way: its registration must allow the grant.",
        OAuthErrorCode.UnsupportedGrantType => "It gives nothing for this grant: choose another in ClientAuthorization.Grant.",
        OAuthErrorCode.InvalidScope => "A scope is unknown to it or more than is allowed: look at ClientAuthorization.Scopes and at what the MCP server asks for.",
        OAuthErrorCode.InvalidTarget => "It issues no tokens for this MCP server: its operator has to add the server's address.",
        _ => "Its operator knows more.",
    };

    private static TimeSpan LifeOf(long seconds) => seconds >= LongestLife.TotalSeconds ? LongestLife : TimeSpan.FromSeconds(seconds);

    private static string TypeOf(TokenResponse answer, TokenKey key)
    {
        if (answer.TokenType is null || Is("Bearer"))
            return "Bearer";

        return Is(ProofKey.Scheme) ? ProofKey.Scheme : throw new AuthorizationException(
            AuthorizationStep.Token,
            $"{AuthorizationException.Cite(key.Issuer)} gave a token of type '{AuthorizationException.Cite(answer.TokenType)}', and only "
            + "Bearer and DPoP are known here. It was not used; its operator has to set that.");

        bool Is(string type) => type.Equals(answer.TokenType, StringComparison.OrdinalIgnoreCase);
    }
}
