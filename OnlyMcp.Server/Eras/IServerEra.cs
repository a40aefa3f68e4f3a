using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.Eras;

/// <summary>One way of holding conversations: serves the messages that <see cref="EraSelector"/> gives to it.</summary>
internal interface IServerEra
{
    /// <summary>Which one it is.</summary>
    Era Era { get; }

    /// <summary>Answers a request. What it throws, the server turns into an error response.</summary>
    ValueTask<JsonRpcResultResponse> ServeAsync(JsonRpcRequest request, Exchange exchange, CancellationToken cancellationToken);

    /// <summary>Takes a notification.</summary>
    ValueTask ReceiveAsync(JsonRpcNotification notification, Exchange exchange);

    /// <summary>Takes a response to a request of ours.</summary>
    ValueTask ReceiveAsync(JsonRpcMessage response, Exchange exchange);

    /// <summary>The conversation that an HTTP request says it is part of; null if it is part of none here.</summary>
    Conversation? ConversationOf(Exchange exchange) => null;

    /// <summary>What it serves over HTTP beside the POST of the MCP endpoint.</summary>
    IEnumerable<IHttpEndpoint> HttpEndpoints(McpHttpHandler handler) => [];

    /// <summary>Whether the sender of this HTTP request may put several messages into an array.</summary>
    bool AcceptsBatches(Exchange exchange) => false;

    /// <summary>Whether a message of this conversation may be an array of messages.</summary>
    bool AcceptsBatches(Conversation pipe) => false;
}
