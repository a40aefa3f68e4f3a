using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client;

/// <summary>What an era says in the <c>_meta</c> of many requests, made once: as members, and as the JSON that goes out with each.</summary>
/// <remarks>Spec: 2026-07-28 basic §_meta</remarks>
internal sealed class EraMetadata
{
    private readonly byte[] json;

    public EraMetadata(IReadOnlyDictionary<string, JsonElement> members)
    {
        Members = members;
        json = ParamsMeta.ToJson(members);
    }

    /// <summary>Nothing.</summary>
    public static EraMetadata None { get; } = new(new Dictionary<string, JsonElement>());

    public IReadOnlyDictionary<string, JsonElement> Members { get; }

    /// <summary>The parameters with these members.</summary>
    public JsonBody PutInto(JsonBody parameters) =>
        Members.Count > 0 && parameters.TryStamp(json, out var stamped) ? stamped : ParamsMeta.Merge(parameters, Members);
}
