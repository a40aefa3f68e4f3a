using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client.Http;

/// <summary>The server, or something in front of it, answered with an HTTP status that is no answer of the protocol.</summary>
/// <remarks>Spec: 2026-07-28 basic/transports/streamable-http §Sending Messages</remarks>
public sealed class HttpStatusException : Exception
{
    internal HttpStatusException(string what, HttpResponseMessage response, string excerpt)
        : base(Describe(what, response, excerpt))
    {
        Status = (int)response.StatusCode;
        Challenge = response.Headers.WwwAuthenticate.ToString();
        Body = excerpt;
    }

    /// <summary>The status, such as 401 (credentials are missing or wrong), 403 (refused), 404, 500.</summary>
    public int Status { get; }

    /// <summary>The <c>WWW-Authenticate</c> header, which says what credentials are wanted; empty if there was none.</summary>
    public string Challenge { get; }

    /// <summary>The beginning of the body.</summary>
    public string Body { get; }

    /// <summary>How long the <c>Retry-After</c> header asks to wait before the next try; null if it asks for nothing.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>The protocol's own error, if the body held one.</summary>
    public JsonRpcError? Error { get; internal init; }

    private static string Describe(string what, HttpResponseMessage response, string excerpt)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        var target = response.Headers.Location is { } location ? $" to {location}, which was not followed" : "";
        return $"{what} was answered with HTTP {(int)response.StatusCode} ({response.ReasonPhrase}){target}"
            + (excerpt.Length > 0 ? $", {type ?? "of no type"}: {excerpt}" : ".");
    }
}
