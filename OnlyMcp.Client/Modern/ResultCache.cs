using System.Collections.Concurrent;
using System.Text.Json;
using OnlyMcp.Client.Caching;
using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client.Modern;

/// <summary>Answers again what the server allowed to be kept, until its time is over or the server says that it has changed.</summary>
/// <remarks>
/// Spec: 2026-07-28 server/utilities/caching §Cacheable Results
/// Spec: 2026-07-28 server/utilities/caching §Freshness Calculation
/// Spec: 2026-07-28 server/utilities/caching §Interaction with Notifications
/// </remarks>
internal sealed class ResultCache
{
    /// <summary>Longer than this nothing is kept, whatever a server says.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, long> changes = new();

    /// <summary>How much of a method is being forgotten; what could not be forgotten is never looked for again.</summary>
    private readonly ConcurrentDictionary<string, int> forgetting = new();
    private readonly ClientConversation conversation;
    private readonly IResultCache store;
    private readonly string server;
    private readonly string credentials;

    private ResultCache(ClientConversation conversation, IResultCache store)
    {
        this.conversation = conversation;
        this.store = store;

        // A pipe has no address, and its process may have credentials of its own: what came over it is for this conversation alone.
        server = conversation.Transport.Address?.AbsoluteUri ?? Credentials.Unique();
        credentials = Credentials.NameOf(conversation.Options);
        conversation.Inbox.Subscribers.Heard = change => _ = ForgetAsync(change);
    }

    /// <summary>MUST: whose answers these are; another after another sign-in.</summary>
    private string Owner => conversation.Authorizer?.Identity is { } identity ? $"{credentials} {identity}" : credentials;

    private TimeProvider Time => conversation.Options.TimeProvider;

    /// <summary>The cache of a conversation; null if nothing is to be kept.</summary>
    public static ResultCache? Of(ClientConversation conversation) =>
        conversation.Options.Cache is { } store ? new ResultCache(conversation, store) : null;

    /// <summary>What a request is found by, and what was known to have changed when it was asked; null if its result is not to be kept.</summary>
    public Place? PlaceOf(string method, JsonBody parameters, RequestOptions options)
    {
        if (!IsCacheable(method) || options.WantsProgress)
            return null;

        var given = parameters.IsAbsent ? default : parameters.ToElement();
        var uri = default(string);
        if (given.ValueKind == JsonValueKind.Object)
        {
            // MUST NOT: what depends on input is not kept.
            if (given.TryGetProperty("inputResponses", out _) || given.TryGetProperty("requestState", out _))
                return null;
            uri = given.TryGetProperty("uri", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        }

        var canonical = given.ValueKind == JsonValueKind.Object ? CanonicalJson.Of(given) : "{}";
        return new Place(new ResultKey(server, Owner, method, canonical, uri), changes.GetValueOrDefault(method), options.Fresh);
    }

    /// <summary>A result that is still fresh; null if there is none.</summary>
    public async ValueTask<JsonBody?> FindAsync(Place place, CancellationToken cancellationToken)
    {
        if (place.Fresh || forgetting.GetValueOrDefault(place.Key.Method) > 0)
            return null;

        try
        {
            // MUST NOT: a private one is found by whoever asked with the same credentials alone.
            foreach (var key in new[] { place.Key, place.Key with { Owner = "" } })
            {
                if (await store.FindAsync(key, cancellationToken).ConfigureAwait(false) is { } kept && Time.GetUtcNow() < kept.FreshUntil)
                    return new JsonBody(kept.Json);
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            conversation.Inbox.LogCache(fault);
        }

        return null;
    }

    /// <summary>Keeps a result for as long as it says, unless it was overtaken by news.</summary>
    public async ValueTask KeepAsync(Place place, JsonBody result, CancellationToken cancellationToken)
    {
        var (lifetime, isPublic) = HintsIn(result);
        if (lifetime <= TimeSpan.Zero || changes.GetValueOrDefault(place.Key.Method) != place.Changes)
            return;

        // Somebody signed in while it was asked: whose answer this is, is not certain.
        if (!isPublic && place.Key.Owner != Owner)
            return;

        try
        {
            var key = isPublic ? place.Key with { Owner = "" } : place.Key;
            await store.KeepAsync(key, new KeptResult(result.ToUtf8().ToArray(), Time.GetUtcNow() + lifetime), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            conversation.Inbox.LogCache(fault);
        }
    }

    /// <summary>Forgets all pages of a list, or all that was read.</summary>
    public async Task ForgetAsync(string method, string? uri = null)
    {
        changes.AddOrUpdate(method, 1, (_, count) => count + 1);
        forgetting.AddOrUpdate(method, 1, (_, count) => count + 1);
        try
        {
            await store.ForgetAsync(server, method, uri).ConfigureAwait(false);
            forgetting.AddOrUpdate(method, 0, (_, count) => count - 1);
        }
        catch (Exception fault)
        {
            conversation.Inbox.LogCache(fault);
        }
    }

    private Task ForgetAsync(ServerChange change) => change switch
    {
        ToolsListChanged => ForgetAsync(Methods.ToolsList),
        PromptsListChanged => ForgetAsync(Methods.PromptsList),
        ResourcesListChanged => Task.WhenAll(ForgetAsync(Methods.ResourcesList), ForgetAsync(Methods.ResourcesTemplatesList)),
        ResourceUpdated updated => ForgetAsync(Methods.ResourcesRead, updated.Uri),
        _ => Task.CompletedTask,
    };

    private static bool IsCacheable(string method) => method
        is Methods.ServerDiscover or Methods.ToolsList or Methods.PromptsList
        or Methods.ResourcesList or Methods.ResourcesTemplatesList or Methods.ResourcesRead;

    /// <summary>SHOULD: a time that is missing, negative or none at all means that nothing is kept. A scope that is unknown is private.</summary>
    private static (TimeSpan Lifetime, bool IsPublic) HintsIn(JsonBody result)
    {
        var (milliseconds, isPublic, isComplete) = (0L, false, true);
        var reader = new Utf8JsonReader(result.ToUtf8().Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isTime, isScope, isType) =
                (reader.ValueTextEquals("ttlMs"u8), reader.ValueTextEquals("cacheScope"u8), reader.ValueTextEquals("resultType"u8));
            reader.Read();
            if (isTime && (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out milliseconds)))
                milliseconds = 0;
            if (isScope)
                isPublic = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("public"u8);
            if (isType)
                isComplete = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("complete"u8);
            reader.Skip();
        }

        // MUST: only complete results are cacheable.
        if (!isComplete)
            return default;
        return (milliseconds >= Longest.TotalMilliseconds ? Longest : TimeSpan.FromMilliseconds(milliseconds), isPublic);
    }

    /// <param name="Key">What the result is found by, if it is private.</param>
    /// <param name="Changes">How often the method's results were known to have changed.</param>
    /// <param name="Fresh">Whether the server is asked in any case.</param>
    internal sealed record Place(ResultKey Key, long Changes, bool Fresh);
}
