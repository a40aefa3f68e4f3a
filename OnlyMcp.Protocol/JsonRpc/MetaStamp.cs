using System.Text.Json;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>Members that stand in the <c>_meta</c> of many requests, made once: as they are, and as the JSON that goes out with each.</summary>
/// <remarks>Spec: 2026-07-28 basic §_meta</remarks>
public sealed class MetaStamp
{
    private readonly byte[] json;

    /// <summary>Takes the members.</summary>
    public MetaStamp(IReadOnlyDictionary<string, JsonElement> members)
    {
        Members = members;
        json = ParamsMeta.ToJson(members);
    }

    /// <summary>Nothing.</summary>
    public static MetaStamp None { get; } = new(new Dictionary<string, JsonElement>());

    /// <summary>The members.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members { get; }

    internal ReadOnlySpan<byte> Json => json;

    /// <summary>The parameters with these members in their <c>_meta</c>, where they win.</summary>
    /// <exception cref="ArgumentException">The parameters are no object.</exception>
    public JsonBody PutOn(JsonBody parameters) =>
        Members.Count > 0 && parameters.Value is RequestParams { Meta: null } && parameters.TryStamp(this, out var stamped)
            ? stamped
            : ParamsMeta.Merge(parameters, Members);
}
