using System.Security.Claims;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Eras;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Legacy;

/// <summary>Finds the session that an HTTP request names in its headers.</summary>
/// <remarks>Spec: 2025-11-25 basic/transports §Session Management</remarks>
internal static class SessionHeaders
{
    /// <exception cref="RefusedRequestException">No session is named (400), or one that is not there (404), or a version that is not served (400).</exception>
    public static Session Find(HttpExchange http, SessionStore sessions, McpServerOptions options, ClaimsPrincipal? principal)
    {
        CheckVersion(http, options);

        // SHOULD: a request without the session id that it needs is answered with 400.
        var id = http.Header(McpHeaders.SessionId) ?? throw new RefusedRequestException(
            400, ErrorCode.InvalidRequest, $"The header {McpHeaders.SessionId} is missing: send '{Methods.Initialize}' first, and then its answer's id with each request.");

        // MUST: a session that has ended is answered with 404. One that belongs to somebody else looks just the same.
        return sessions.Find(id, principal) ?? throw new RefusedRequestException(
            404, ErrorCode.InvalidRequest, $"There is no such session: it ended, or never was. Send '{Methods.Initialize}' without {McpHeaders.SessionId} for a new one.");
    }

    /// <summary>The version header is no part of <c>initialize</c>; one that is there must at least be served here.</summary>
    public static void CheckVersionOfInitialize(HttpExchange http, McpServerOptions options)
    {
        if (http.Header(McpHeaders.ProtocolVersion) is not { } version || options.Revisions.Any(revision => revision.Version == version))
            return;

        throw new RefusedRequestException(400, ErrorCode.InvalidRequest, $"The header {McpHeaders.ProtocolVersion} holds '{version}', which is not served.");
    }

    private static void CheckVersion(HttpExchange http, McpServerOptions options)
    {
        // MUST: an invalid or unsupported version is answered with 400. SHOULD: a missing one is taken for what was agreed.
        if (http.Header(McpHeaders.ProtocolVersion) is not { } version || IsServed(version, options.Revisions))
            return;

        var served = options.Revisions.Where(revision => revision.Era == Era.Legacy).Select(revision => revision.Version);
        throw new RefusedRequestException(
            400, ErrorCode.InvalidRequest,
            $"The header {McpHeaders.ProtocolVersion} holds '{version}'; sessions are served in {string.Join(", ", served)}.");
    }

    private static bool IsServed(string version, IReadOnlyList<Revision> revisions)
    {
        // By position: this runs for every request, and an enumerator of an interface is an object.
        for (var i = 0; i < revisions.Count; i++)
        {
            if (revisions[i].Era == Era.Legacy && revisions[i].Version == version)
                return true;
        }

        return false;
    }
}
