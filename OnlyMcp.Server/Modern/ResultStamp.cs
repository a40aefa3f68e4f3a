using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Plain;

namespace OnlyMcp.Server.Modern;

/// <summary>Puts on a copy of each result what every modern result carries; the handler's own instance is left as it is.</summary>
/// <remarks>Spec: 2026-07-28 basic §ResultType</remarks>
internal sealed class ResultStamp(Implementation serverInfo)
{
    // Written for the first answer: a server whose clients are of the other era never needs it.
    private readonly Lazy<WrittenElements> meta = new(() => new()
    {
        [MetaKeys.ServerInfo] = PlainWriter.ToElement(serverInfo),
    });

    /// <param name="result">What the handler gave.</param>
    /// <param name="isAuthorized">Whether it was given to a token's holder, and to nobody else.</param>
    public Result Stamp(Result result, bool isAuthorized = false) => result switch
    {
        // MUST: cacheable results say for how long and for whom. Zero and private: fresh each time, until a handler says otherwise.
        CacheableResult cacheable => cacheable with
        {
            ResultType = result.ResultType ?? ResultTypes.Complete,
            Meta = WithServerInfo(result.Meta),
            TtlMs = Math.Max(cacheable.TtlMs ?? 0, 0),

            // MUST NOT: what a token was needed for is kept for others than its holder.
            CacheScope = isAuthorized ? CacheScope.Private : cacheable.CacheScope ?? CacheScope.Private,
        },

        // MUST: every result says what type it is. SHOULD: and which server it comes from.
        _ => result with { ResultType = result.ResultType ?? ResultTypes.Complete, Meta = WithServerInfo(result.Meta) },
    };

    private Dictionary<string, JsonElement> WithServerInfo(IReadOnlyDictionary<string, JsonElement>? own) =>
        own is null or { Count: 0 }
            ? meta.Value
            : new Dictionary<string, JsonElement>(own) { [MetaKeys.ServerInfo] = meta.Value[MetaKeys.ServerInfo] };
}
