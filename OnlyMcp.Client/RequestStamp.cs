using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Client;

/// <summary>Puts <c>_meta</c> into the parameters of a request, beside what is there.</summary>
/// <remarks>Spec: 2026-07-28 basic §_meta</remarks>
internal static class RequestStamp
{
    /// <summary>The parameters with their <c>_meta</c>: the caller's, the progress token, and the era's own keys, which win.</summary>
    public static JsonBody Apply(Question question, RequestId id)
    {
        var options = question.Options;
        if (options is { Meta: null, WantsProgress: false })
            return question.Metadata.PutOn(question.Params);

        var meta = new Dictionary<string, JsonElement>(options.Meta ?? new Dictionary<string, JsonElement>());
        if (options.WantsProgress)
            meta[MetaKeys.ProgressToken] = JsonSerializer.SerializeToElement(new ProgressToken(id), McpJson.Wire.ProgressToken);
        foreach (var (key, value) in question.Metadata.Members)
            meta[key] = value;
        return ParamsMeta.Merge(question.Params, meta);
    }
}
