using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Server.Authorization;

/// <summary>
/// Verifies access tokens by asking the authorization server that issued them: for tokens that nobody else can read, or that shall end at
/// once when they are taken back.
/// </summary>
/// <remarks>
/// <para>RFC 7662. Answers are remembered for a short time; all who ask about one token at the same time wait for one answer.</para>
/// Spec: 2026-07-28 basic/authorization §Token Handling
/// </remarks>
public sealed class IntrospectionTokenVerifier : ITokenVerifier, IDisposable
{
    private readonly IntrospectionTokenVerifierOptions options;
    private readonly OutboundHttp http;
    private readonly CancellationTokenSource stopped = new();
    private readonly Lock gate = new();
    private readonly Dictionary<TokenDigest, Task<Answer>> asked = [];
    private readonly TokenCache<Answer> good;

    // Apart, so that a flood of bad tokens makes no good one forgotten.
    private readonly TokenCache<Answer> bad;
    private long? failedAt;

    /// <summary>Makes a verifier. The server is asked when the first token comes.</summary>
    /// <exception cref="ArgumentException">An option makes no sense; the message says which.</exception>
    public IntrospectionTokenVerifier(IntrospectionTokenVerifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        this.options = options;
        http = new OutboundHttp(options.Timeout, options.TimeProvider, options.HttpMessageHandler);
        good = new(options.TimeProvider);
        bad = new(options.TimeProvider);
    }

    /// <inheritdoc/>
    public async ValueTask<AccessToken> VerifyAsync(string token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length > JsonWebToken.MaxLength)
            throw new InvalidTokenException($"The token has more than {JsonWebToken.MaxLength} letters.");

        var digest = TokenDigest.Of(token);
        var answer = good.Find(digest) ?? bad.Find(digest)
            ?? await AskOnce(token, digest).WaitAsync(cancellationToken).ConfigureAwait(false);
        return answer.Token ?? throw (answer.Refusal is { } words
            ? new InvalidTokenException(words)
            : new VerifierUnavailableException($"{options.Issuer} cannot be asked about tokens. {answer.Fault!.Message}", answer.Fault));
    }

    /// <summary>Ends requests that are under way.</summary>
    public void Dispose()
    {
        stopped.Cancel();
        stopped.Dispose();
        http.Dispose();
    }

    private Task<Answer> AskOnce(string token, TokenDigest digest)
    {
        lock (gate)
        {
            if (asked.TryGetValue(digest, out var pending))
                return pending;
            if (failedAt is { } last && options.TimeProvider.GetElapsedTime(last) < options.PauseAfterFailure)
                throw new VerifierUnavailableException($"{options.Issuer} could not be asked about tokens a moment ago.");
            if (asked.Count >= options.MaxConcurrency)
                throw new VerifierUnavailableException($"{options.Issuer} is being asked about {asked.Count} tokens already.");
            return asked[digest] = Task.Run(() => AskAsync(token, digest));
        }
    }

    private async Task<Answer> AskAsync(string token, TokenDigest digest)
    {
        var answer = await AnswerAsync(token).ConfigureAwait(false);
        var now = options.TimeProvider.GetUtcNow();
        if (answer.Token is { } access)
        {
            var until = now + options.Lifetime;
            good.Add(digest, token.Length, answer, access.ExpiresAt < until ? access.ExpiresAt.Value : until, good.Generation);
        }
        else if (answer.Refusal is not null)
        {
            bad.Add(digest, token.Length, answer, now + options.RefusalLifetime, bad.Generation);
        }
        else
        {
            options.Logger.LogWarning(answer.Fault, "{Issuer} cannot be asked about tokens.", options.Issuer);
        }

        lock (gate)
        {
            asked.Remove(digest);

            // What a stranger can bring about with a token of his making is no reason to let everybody wait.
            if (answer.Fault is not FetchFailedException { IsOfThisRequest: true })
                failedAt = answer.Fault is null ? null : options.TimeProvider.GetTimestamp();
        }

        return answer;
    }

    private async Task<Answer> AnswerAsync(string token)
    {
        try
        {
            return new(Read(await SendAsync(token).ConfigureAwait(false)), null, null);
        }
        catch (InvalidTokenException refusal)
        {
            return new(null, refusal.Message, null);
        }
        catch (Exception fault)
        {
            // Whatever it was: all who wait are told that it is not known, and the next one asks again.
            return new(null, null, fault);
        }
    }

    private async Task<byte[]> SendAsync(string token)
    {
        List<KeyValuePair<string, string>> form = [new("token", token), new("token_type_hint", "access_token")];
        var credentials = options.ClientAuthMethod == ClientAuthMethod.ClientSecretBasic ? Basic() : null;
        if (credentials is null)
            form.AddRange([new("client_id", options.ClientId), new("client_secret", options.ClientSecret)]);

        var reply = await http.PostFormAsync(options.Endpoint, form, credentials, stopped.Token).ConfigureAwait(false);
        return reply.Status switch
        {
            200 when reply.Body.Length <= JsonWebToken.MaxLength => reply.Body,
            200 => throw new FetchFailedException($"{Endpoint} says more of a token than {JsonWebToken.MaxLength} bytes."),
            400 or 413 or 414 or 422 => throw new FetchFailedException(
                $"{Endpoint} does not take this request (HTTP {reply.Status}): see ClientId and ClientAuthMethod.")
            {
                IsOfThisRequest = true,
            },
            401 or 403 => throw new FetchFailedException(
                $"{Endpoint} refuses this server (HTTP {reply.Status}): see ClientId and ClientSecret."),
            _ => throw new FetchFailedException($"{Endpoint} answered with HTTP {reply.Status}."),
        };
    }

    private AccessToken Read(byte[] body)
    {
        var claims = StrictJson.ParseObject(body, $"What {Endpoint} answered");
        var active = claims.TryGetProperty("active", out var value) ? value.ValueKind : JsonValueKind.Undefined;
        if (active == JsonValueKind.False)
            throw new InvalidTokenException("The token is expired, taken back, or not one of its issuer's.");
        if (active != JsonValueKind.True)
            throw new FormatException($"{Endpoint} does not say whether the token is active.");
        if (claims.Text("iss") is { } issuer && issuer != options.Issuer)
            throw new InvalidTokenException("The token's issuer is not trusted here ('iss').");

        TokenClaims.RefuseUntimely(claims, options.TimeProvider.GetUtcNow(), options.ClockSkew);
        return TokenClaims.Read(claims, options.Issuer);
    }

    private string Endpoint => OutboundHttp.Show(options.Endpoint);

    // RFC 6749 §2.3.1: both are encoded as in a form.
    private AuthenticationHeaderValue Basic()
    {
        var pair = $"{WebUtility.UrlEncode(options.ClientId)}:{WebUtility.UrlEncode(options.ClientSecret)}";
        return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }

    private static void Check(IntrospectionTokenVerifierOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.Issuer);
        ArgumentException.ThrowIfNullOrEmpty(options.ClientId);
        ArgumentException.ThrowIfNullOrEmpty(options.ClientSecret);
        if (FetchPolicy.WhatIsWrongWith(options.Endpoint, allowsLoopback: true) is { } wrong)
            throw new ArgumentException($"Nobody can be asked at '{options.Endpoint}': {wrong}.", nameof(options));
        if (options.ClientAuthMethod is not (ClientAuthMethod.ClientSecretBasic or ClientAuthMethod.ClientSecretPost))
            throw new ArgumentException("ClientAuthMethod is client_secret_basic or client_secret_post.", nameof(options));
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromMinutes(10))
            throw new ArgumentException("ClockSkew is between zero and ten minutes.", nameof(options));
        TimeSpan[] lifetimes = [options.Lifetime, options.RefusalLifetime, options.PauseAfterFailure];
        if (lifetimes.Any(time => time < TimeSpan.Zero || time > TimeSpan.FromDays(1)))
            throw new ArgumentException("Answers and failures are remembered between zero and a day.", nameof(options));
        OutboundHttp.CheckTimeout(options.Timeout);
        if (options.MaxConcurrency < 1)
            throw new ArgumentException("MaxConcurrency is at least one.", nameof(options));
    }

    /// <summary>One of three: the token is good, it is refused, or nobody knows.</summary>
    private sealed record Answer(AccessToken? Token, string? Refusal, Exception? Fault);
}
