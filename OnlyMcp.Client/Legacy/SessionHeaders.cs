using System.Net.Http.Headers;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Legacy;

/// <summary>Keeps the session's id and the version that was agreed on, and sends them with everything after the handshake.</summary>
/// <remarks>
/// Spec: 2025-11-25 basic/transports §Session Management
/// Spec: 2025-11-25 basic/transports §Protocol Version Header
/// </remarks>
internal sealed class SessionHeaders : IHttpHeaders
{
    private volatile string? sessionId;
    private volatile Revision? revision;

    public string? SessionId => sessionId;

    public void Begin(Revision agreed) => revision = agreed;

    public void Forget() => (sessionId, revision) = (null, null);

    public void Write(HttpRequestHeaders headers, JsonRpcMessage message) => Write(headers);

    public void Write(HttpRequestHeaders headers)
    {
        // MUST: both on every request after `initialize`, each where there is one.
        if (sessionId is { } id)
            headers.TryAddWithoutValidation(McpHeaders.SessionId, id);
        if (revision is { SendsVersionHeader: true } agreed)
            headers.TryAddWithoutValidation(McpHeaders.ProtocolVersion, agreed.Version);
    }

    public void Read(JsonRpcMessage message, HttpResponseMessage response)
    {
        // Only the answer to `initialize` opens a session; an id on any other answer is none.
        if (message is not JsonRpcRequest { Method: Methods.Initialize }
            || !response.Headers.TryGetValues(McpHeaders.SessionId, out var values))
        {
            return;
        }

        var id = values.First();
        if (id.Length == 0 || id.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ProtocolFaultException("The server's session id holds characters other than visible ASCII.");

        sessionId = id;
    }
}
