using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

/// <summary>There is no resource at the address. Thrown by a handler too, for what it alone can know.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Error Handling</remarks>
/// <param name="uri">The address that was asked for.</param>
/// <param name="reason">Why, as a sentence for the one who asked; null if there is no more to say.</param>
/// <param name="innerException">The failure behind it, if any; it stays on the server.</param>
public sealed class ResourceNotFoundException(string uri, string? reason = null, Exception? innerException = null)
    : Exception(reason is null ? $"There is no resource '{uri}'." : $"There is no resource '{uri}': {reason}", innerException)
{
    /// <summary>The address that was asked for.</summary>
    public string Uri { get; } = uri;

    /// <summary>The error as it is sent. MUST: its code differs between revisions. SHOULD: the data say which address.</summary>
    internal JsonRpcError ToError(int code) => new(
        code, Message, JsonBody.Of(new ResourceNotFoundErrorData { Uri = Uri }, McpJson.Wire.ResourceNotFoundErrorData));
}
