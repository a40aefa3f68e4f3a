using OnlyMcp.Client.Http;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Eras;

/// <summary>A conversation in one era, once it is open. Disposing takes leave of the server, where the era has a word for it.</summary>
internal interface IClientEra : IAsyncDisposable
{
    Revision Revision { get; }

    ClientConversation Conversation { get; }

    ServerDescription Server { get; }

    /// <summary>Asks, and returns a result that is complete. A server that answers as none of this era would is remembered so no longer.</summary>
    ValueTask<JsonBody> AskAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken);

    /// <summary>Takes tools that the server has listed; those that it must not have listed so are left out.</summary>
    IReadOnlyList<Tool> Take(IReadOnlyList<Tool> tools) => tools;

    /// <summary>Asks whether the server is there.</summary>
    Task PingAsync(RequestOptions options, CancellationToken cancellationToken);

    /// <summary>Hears of changes until the server ends it in order; throws when the way to the server breaks.</summary>
    Task ListenAsync(Subscriber subscriber, CancellationToken cancellationToken);

    /// <summary>How calls go on as tasks.</summary>
    ITaskForm Tasks { get; }

    /// <summary>Whether listening, or asking for a task, again makes sense when it has broken off.</summary>
    bool CanListenAgain => !Conversation.HasEnded;

    /// <summary>What a cursor belongs to, and is of no use after; null if it may be used for as long as the server likes.</summary>
    object? Session => null;

    /// <summary>Whether a request may be asked in the conversation that follows a lost one.</summary>
    /// <param name="method">What is asked for.</param>
    /// <param name="parameters">What it is asked with.</param>
    /// <param name="wasSent">Whether it may have been carried out.</param>
    bool MayRepeat(string method, JsonBody parameters, bool wasSent);
}

/// <summary>How one era opens a conversation.</summary>
internal interface IEraEntrance
{
    Era Era { get; }

    /// <summary>The way over HTTP for this approach.</summary>
    IClientTransport OverHttp(Approach approach, Revision revision, HttpEndpoint endpoint, McpClientOptions options);

    /// <summary>Makes ready for what a server of this era may say before it has answered.</summary>
    void Prepare(ClientConversation conversation);

    /// <summary>The question that opens a conversation.</summary>
    Question Opening(Revision revision, McpClientOptions options);

    /// <summary>Opens it, once the answer has settled the revision.</summary>
    Task<IClientEra> EnterAsync(ClientConversation conversation, Revision revision, JsonBody answer, CancellationToken cancellationToken);
}

/// <summary>What a server said about itself.</summary>
internal sealed record ServerDescription(Implementation? Info, ServerCapabilities Capabilities, string? Instructions);
