using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Authorization;

/// <summary>Tells anybody, and every web page, where tokens for the server come from.</summary>
/// <remarks>
/// RFC 9728 §3.
/// Spec: 2026-07-28 basic/authorization/authorization-server-discovery §Protected Resource Metadata Discovery Requirements
/// </remarks>
internal static class MetadataDocument
{
    private const string Verbs = "GET, HEAD";

    /// <exception cref="RefusedRequestException">The request is addressed to another name (403).</exception>
    public static async ValueTask AnswerAsync(HttpExchange http, byte[] document, OriginPolicy origins, McpServerOptions options)
    {
        origins.CheckHost(http);
        Framing.Check(http);
        http.SetResponseHeader("Access-Control-Allow-Origin", "*");
        if (http.Method is "GET" or "HEAD")
        {
            using var body = new PooledBuffer(document.Length);
            body.Write(document);
            await HttpReply.SendAsync(http, body, 200, options).ConfigureAwait(false);
        }
        else if (Cors.IsPreflight(http))
        {
            await Cors.AnswerPreflightAsync(http, Verbs).ConfigureAwait(false);
        }
        else
        {
            http.SetResponseHeader("Allow", Verbs);
            await HttpReply.TryRefuseAsync(http, 405, null, null, options).ConfigureAwait(false);
        }
    }
}
