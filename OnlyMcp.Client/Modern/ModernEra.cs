using System.Runtime.CompilerServices;
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

    private readonly MetaStamp usual =
        RequestMetadata.Of(revision, conversation.Options, conversation.Options.LogLevel);

    private readonly MetaStamp withTasks =
        RequestMetadata.Of(revision, conversation.Options, conversation.Options.LogLevel, takesTasks: true);

    /// <summary>Over HTTP, parameters of tools may stand in headers. MAY: on a pipe, which has none, the annotations mean nothing.</summary>
    private readonly ToolListing? listing = ToolListing.Of(conversation);

    public Revision Revision => revision;

    public ClientConversation Conversation => conversation;

    public ServerDescription Server => server;

    public ITaskForm Tasks { get; } = new ExtensionTasks(conversation, revision, server);

    public ValueTask<JsonBody> AskAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken) =>
        cache?.PlaceOf(method, parameters, options) is { } place
            ? FindOrAskAsync(place, method, parameters, options, cancellationToken)
            : AskWithHeadersAsync(method, parameters, options, answers: true, cancellationToken);

    public IReadOnlyList<Tool> Take(IReadOnlyList<Tool> tools) => listing?.Take(tools) ?? tools;

    /// <summary>There is no `ping` any more: the server is there if it says what it is.</summary>
    public async Task PingAsync(RequestOptions options, CancellationToken cancellationToken) =>
        await AskAsync(Methods.ServerDiscover, default, options with { Fresh = true }, cancellationToken).ConfigureAwait(false);

    public Task ListenAsync(Subscriber subscriber, CancellationToken cancellationToken) =>
        SubscriptionsListen.RunAsync(conversation, revision, subscriber, cancellationToken);

    /// <summary>MAY: each request stands alone, so whoever wants lost ones repeated has them all repeated.</summary>
    public bool MayRepeat(string method, JsonBody parameters, bool wasSent) => true;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<JsonBody> FindOrAskAsync(
        ResultCache.Place place, string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        if (await cache!.FindAsync(place, cancellationToken).ConfigureAwait(false) is { } kept)
            return kept;

        JsonBody result;
        try
        {
            result = await AskOnceAsync(method, parameters, options, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonRpcException refusal) when (refusal.Code == ErrorCode.InvalidParams)
        {
            // SHOULD: where a cursor leads nowhere any more, the pages before it are of no use either; nor is a resource that is gone.
            await cache.ForgetAsync(method, place.Key.Uri).ConfigureAwait(false);
            throw;
        }
        catch (Exception fault) when (IsContradictedBy(fault))
        {
            conversation.Contradicted?.Invoke();
            throw;
        }

        // MUST NOT: what comes of a retry depends on the input that it carried, and is never kept for another request.
        if (ResultKind.NeedsInput(method, result, options.ResultTypes))
            return await AnswerAndAskAsync(method, parameters, result, options, cancellationToken).ConfigureAwait(false);
        await cache.KeepAsync(place, result, cancellationToken).ConfigureAwait(false);
        return result;
    }

    private Task<JsonBody> AnswerAndAskAsync(
        string method, JsonBody parameters, JsonBody result, RequestOptions options, CancellationToken cancellationToken) => rounds.RunAsync(
            method,
            parameters,
            result,
            options.ResultTypes,
            retry => AskWithHeadersAsync(method, retry, options, answers: false, cancellationToken),
            cancellationToken);

    /// <summary>Asks, and once more where the headers of a tool were those of yesterday, or where the server needs tasks declared.</summary>
    /// <param name="method">What is asked for.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">What the caller wants differently.</param>
    /// <param name="answers">Whether a server that wants input first is given it here; else what it wants is the result.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JsonBody> AskWithHeadersAsync(
        string method, JsonBody parameters, RequestOptions options, bool answers, CancellationToken cancellationToken)
    {
        try
        {
            JsonBody result;
            try
            {
                result = await AskOnceAsync(method, parameters, options, cancellationToken).ConfigureAwait(false);
            }
            catch (JsonRpcException refusal) when (refusal.Code == ErrorCode.HeaderMismatch && method == Methods.ToolsCall && listing is not null)
            {
                // SHOULD: the tool may have changed since it was listed, or never have been; then its headers are others now.
                if (!await ListAgainAsync(listing, parameters, options, cancellationToken).ConfigureAwait(false))
                    throw;
                result = await AskOnceAsync(method, parameters, options, cancellationToken).ConfigureAwait(false);
            }

            return answers && ResultKind.NeedsInput(method, result, options.ResultTypes)
                ? await AnswerAndAskAsync(method, parameters, result, options, cancellationToken).ConfigureAwait(false)
                : result;
        }
        catch (JsonRpcException refusal) when (answers && options.WithTasks is not null && ExtensionTasks.IsMissing(refusal))
        {
            // From the beginning, also where input was given already: that answered a request without the extension.
            return await AskWithHeadersAsync(method, parameters, options.WithTasks, answers, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsContradictedBy(fault))
        {
            conversation.Contradicted?.Invoke();
            throw;
        }
    }

    /// <summary>Whether a server of this era would not have answered so.</summary>
    private static bool IsContradictedBy(Exception fault) => fault
        is JsonRpcException { Code: ErrorCode.UnsupportedProtocolVersion }
        or HttpStatusException { Status: 400 or 404 or 405 };

    private async Task<bool> ListAgainAsync(
        ToolListing listing, JsonBody call, RequestOptions options, CancellationToken cancellationToken)
    {
        if (cache is not null)
            await cache.ForgetAsync(Methods.ToolsList).ConfigureAwait(false);
        var asking = new RequestOptions { Timeouts = options.Timeouts };
        return await listing.RefreshAsync(call, page => AskOnceAsync(Methods.ToolsList, page, asking, cancellationToken)).ConfigureAwait(false);
    }

    private ValueTask<JsonBody> AskOnceAsync(string method, JsonBody parameters, RequestOptions options, CancellationToken cancellationToken)
    {
        var takesTasks = options.ResultTypes.Count > 0 && options.ResultTypes.Contains(TasksExtension.ResultType);
        var question = new Question(method, parameters)
        {
            Metadata = options.LogLevel is { } level ? RequestMetadata.Of(revision, conversation.Options, level, takesTasks)
                : takesTasks ? withTasks : usual,
            Options = options,
            Timeouts = options.Timeouts ?? conversation.Options.Timeouts,
            Listener = options,
            Late = options.Late,
        };
        return conversation.AskAsync(question, cancellationToken);
    }
}
