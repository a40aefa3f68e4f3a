using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Client.Modern;

/// <summary>Asks without a session: each request says all that the server must know, and each result says how to read it.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic §Statelessness
/// Spec: 2026-07-28 basic §ResultType
/// </remarks>
internal sealed class ModernEra(ClientConversation conversation, Revision revision, ServerDescription server) : IClientEra
{
    private readonly InputRounds rounds = new(conversation, revision, server);

    private readonly IReadOnlyCollection<KeyValuePair<string, JsonElement>> usual =
        RequestMetadata.Of(revision, conversation.Options, conversation.Options.LogLevel);

    public Revision Revision => revision;

    public ClientConversation Conversation => conversation;

    public ServerDescription Server => server;

    public async Task<JsonBody> AskAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        var result = await AskOnceAsync(method, parameters, options, cancellationToken).ConfigureAwait(false);
        if (!ResultKind.NeedsInput(method, result))
            return result;

        // MUST NOT: what comes of a retry depends on the input that it carried, and is never kept for another request.
        return await rounds.RunAsync(
            method,
            parameters,
            result,
            retry => AskOnceAsync(method, retry, options, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>There is no `ping` any more: the server is there if it says what it is.</summary>
    public async Task PingAsync(RequestOptions options, CancellationToken cancellationToken) =>
        await AskAsync(Methods.ServerDiscover, default, options, cancellationToken).ConfigureAwait(false);

    /// <summary>MAY: each request stands alone, so whoever wants lost ones repeated has them all repeated.</summary>
    public bool MayRepeat(string method) => true;

    public bool IsContradictedBy(Exception fault) => fault
        is JsonRpcException { Code: ErrorCode.UnsupportedProtocolVersion }
        or HttpStatusException { Status: 400 or 404 or 405 };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<JsonBody> AskOnceAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        var metadata = options.LogLevel is { } level ? RequestMetadata.Of(revision, conversation.Options, level) : usual;
        var question = new Question(method, id => RequestStamp.Apply(parameters, id, options, metadata))
        {
            Timeouts = options.Timeouts ?? conversation.Options.Timeouts,
            Listener = options,
        };
        return conversation.AskAsync(question, cancellationToken);
    }
}
