using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Answers of an authorization server. None is kept by a cache unless it says so.</summary>
internal static class OAuthReply
{
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(30);

    /// <summary>Sends JSON. MUST: what holds a token is not kept (RFC 6749 §5.1), and so nothing is.</summary>
    public static ValueTask SendJsonAsync<T>(
        HttpExchange http, int status, T value, JsonTypeInfo<T> type, TimeProvider time, string cacheControl = "no-store") =>
        SendJsonAsync(http, status, JsonSerializer.SerializeToUtf8Bytes(value, type), time, cacheControl);

    /// <summary>Sends JSON that is written already.</summary>
    public static ValueTask SendJsonAsync(HttpExchange http, int status, ReadOnlyMemory<byte> json, TimeProvider time, string cacheControl)
    {
        http.SetResponseHeader("Content-Type", "application/json");
        http.SetResponseHeader("Cache-Control", cacheControl);
        return SendAsync(http, status, json, time);
    }

    /// <summary>Sends an error of OAuth.</summary>
    public static ValueTask SendErrorAsync(HttpExchange http, OAuthException error, TimeProvider time)
    {
        // MUST: a client that came with the Authorization header is told which scheme to use there.
        if (error.Status == 401 && http.Header("Authorization") is not null)
            http.SetResponseHeader("WWW-Authenticate", "Basic realm=\"token endpoint\", charset=\"UTF-8\"");
        return SendJsonAsync(http, error.Status, error.ToError(), OAuthJson.Wire.OAuthError, time);
    }

    /// <summary>Sends a page.</summary>
    public static ValueTask SendPageAsync(HttpExchange http, int status, string html, TimeProvider time)
    {
        http.SetResponseHeader("Content-Type", "text/html; charset=utf-8");
        http.SetResponseHeader("Cache-Control", "no-store");
        return SendAsync(http, status, Encoding.UTF8.GetBytes(html), time);
    }

    /// <summary>Sends the browser elsewhere: 302, or 303 after a form.</summary>
    public static ValueTask RedirectAsync(HttpExchange http, int status, string address)
    {
        http.SetResponseHeader("Location", address);
        http.SetResponseHeader("Cache-Control", "no-store");
        return SendEmptyAsync(http, status);
    }

    /// <summary>Sends a status without a body.</summary>
    public static ValueTask SendEmptyAsync(HttpExchange http, int status)
    {
        http.HasResponse = true;
        return http.RespondAsync(status, default, CancellationToken.None);
    }

    /// <summary>Says how long to wait, if that is known.</summary>
    public static void Delay(HttpExchange http, OAuthException error)
    {
        if (error.RetryAfter is { } wait)
            http.SetResponseHeader("Retry-After", ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        else if (error.Status == 503)
            http.SetResponseHeader("Retry-After", "1");
    }

    private static async ValueTask SendAsync(HttpExchange http, int status, ReadOnlyMemory<byte> body, TimeProvider time)
    {
        http.HasResponse = true;
        http.SetResponseHeader("X-Content-Type-Options", "nosniff");

        // MUST: an answer to HEAD has no body.
        var sending = http.RespondAsync(status, http.Method == "HEAD" ? default : body, CancellationToken.None);
        using var overdue = sending.IsCompleted ? null : time.CreateTimer(_ => http.Abort(status), null, LongestWrite, Timeout.InfiniteTimeSpan);
        await sending.ConfigureAwait(false);
    }
}
