using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Where the messages go that belong to one request: its notifications first, its response last.</summary>
/// <remarks>
/// Over HTTP it is the body of that POST's answer, over stdio and in memory the one pipe that all requests share.
/// Writers may call it at the same time; each message leaves whole.
/// Spec: 2026-07-28 basic/transports/streamable-http §Receiving Messages
/// </remarks>
public interface IResponseStream
{
    /// <summary>Sends one message; returns when the transport has taken it.</summary>
    /// <exception cref="TransportClosedException">The receiver is gone.</exception>
    ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken);
}
