using System.Text.Json;
using OnlyMcp.Client.Eras;
using OnlyMcp.Client.Http;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Modern;

/// <summary>Asks without a session: each request says all that the server must know, and each result says how to read it.</summary>
/// <remarks>
/// Spec: 2026-07-28 basic §Statelessness
/// Spec: 2026-07-28 basic §ResultType
/// </remarks>
internal sealed class ModernEra(ClientConversation conversation, Revision revision, ServerDescription server) : IClientEra
{
    private readonly InputRounds rounds = new(conversation, revision, server);

    private readonly ResultCache? cache = ResultCache.Of(conversation);

    private readonly IReadOnlyCollection<KeyValuePair<string, JsonElement>> usual =
        RequestMetadata.Of(revision, conversation.Options, conversation.Options.LogLevel);

    private readonly IReadOnlyCollection<KeyValuePair<string, JsonElement>> withTasks =
        RequestMetadata.Of(revision, conversation.Options, conversation.Options.LogLevel, takesTasks: true);

    /// <summary>Over HTTP, parameters of tools may stand in headers. MAY: on a pipe, which has none, the annotations mean nothing.</summary>
    private readonly ToolListing? listing = ToolListing.Of(conversation);

    public Revision Revision => revision;

    public ClientConversation Conversation => conversation;

    public ServerDescription Server => server;

    public ITaskForm Tasks { get; } = new ExtensionTasks(conversation, revision, server);

    public async Task<JsonBody> AskAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        var place = cache?.PlaceOf(method, parameters, options);
        if (place is not null && await cache!.FindAsync(place, cancellationToken).ConfigureAwait(false) is { } kept)
            return kept;

        var result = await AskAndForgetAsync(method, parameters, options, place, cancellationToken).ConfigureAwait(false);
        if (!ResultKind.NeedsInput(method, result, options.ResultTypes))
        {
            if (place is not null)
                await cache!.KeepAsync(place, result, cancellationToken).ConfigureAwait(false);
            return result;
        }

        // MUST NOT: what comes of a retry depends on the input that it carried, and is never kept for another request.
        return await rounds.RunAsync(
            method,
            parameters,
            result,
            options.ResultTypes,
            retry => AskWithHeadersAsync(method, retry, options, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    public IReadOnlyList<Tool> Take(IReadOnlyList<Tool> tools) => listing?.Take(tools) ?? tools;

    /// <summary>There is no `ping` any more: the server is there if it says what it is.</summary>
    public async Task PingAsync(RequestOptions options, CancellationToken cancellationToken) =>
        await AskAsync(Methods.ServerDiscover, default, options with { Fresh = true }, cancellationToken).ConfigureAwait(false);

    public Task ListenAsync(Subscriber subscriber, CancellationToken cancellationToken) =>
        SubscriptionsListen.RunAsync(conversation, revision, subscriber, cancellationToken);

    /// <summary>MAY: each request stands alone, so whoever wants lost ones repeated has them all repeated.</summary>
    public bool MayRepeat(string method, JsonBody parameters, bool wasSent) => true;

    public bool IsContradictedBy(Exception fault) => fault
        is JsonRpcException { Code: ErrorCode.UnsupportedProtocolVersion }
        or HttpStatusException { Status: 400 or 404 or 405 };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<JsonBody> AskAndForgetAsync(
        string method, JsonBody parameters, RequestOptions options, ResultCache.Place? place, CancellationToken cancellationToken)
    {
        try
        {
            return await AskWithHeadersAsync(method, parameters, options, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonRpcException refusal) when (place is not null && refusal.Code == ErrorCode.InvalidParams)
        {
            // SHOULD: where a cursor leads nowhere any more, the pages before it are of no use either; nor is a resource that is gone.
            await cache!.ForgetAsync(method, place.Key.Uri).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<JsonBody> AskWithHeadersAsync(
        string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await AskOnceAsync(method, parameters, options, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonRpcException refusal) when (refusal.Code == ErrorCode.HeaderMismatch && method == Methods.ToolsCall && listing is not null)
        {
            // SHOULD: the tool may have changed since it was listed, or never have been; then its headers are others now.
            if (cache is not null)
                await cache.ForgetAsync(Methods.ToolsList).ConfigureAwait(false);
            var changed = await listing.RefreshAsync(
                parameters, page => AskOnceAsync(Methods.ToolsList, page, new RequestOptions { Timeouts = options.Timeouts }, cancellationToken)).ConfigureAwait(false);
            if (!changed)
                throw;
        }

        return await AskOnceAsync(method, parameters, options, cancellationToken).ConfigureAwait(false);
    }

    private Task<JsonBody> AskOnceAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        var takesTasks = options.ResultTypes.Count > 0 && options.ResultTypes.Contains(TasksExtension.ResultType);
        var metadata = options.LogLevel is { } level ? RequestMetadata.Of(revision, conversation.Options, level, takesTasks)
            : takesTasks ? withTasks : usual;
        var question = new Question(method, id => RequestStamp.Apply(parameters, id, options, metadata))
        {
            Timeouts = options.Timeouts ?? conversation.Options.Timeouts,
            Listener = options,
            Late = options.Late,
        };
        return conversation.AskAsync(question, cancellationToken);
    }
}
