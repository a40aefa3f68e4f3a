using System.Diagnostics;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>Carries a trace from one side to the other, in the request's <c>_meta</c>.</summary>
/// <remarks>Spec: 2026-07-28 basic §_meta</remarks>
internal static class TraceContext
{
    /// <summary>Longer values than these are no use to anybody, and ignored. The W3C asks to carry 512 of state and 8,192 of baggage.</summary>
    private const int MostState = 512;
    private const int MostBaggage = 8192;

    private static readonly DistributedContextPropagator W3C = DistributedContextPropagator.CreateW3CPropagator();

    /// <summary>The request with the trace of this activity, unless its sender has put another there.</summary>
    public static JsonRpcRequest Inject(JsonRpcRequest request, Activity activity)
    {
        var meta = new Dictionary<string, JsonElement>();
        W3C.Inject(activity, meta, static (carrier, key, value) =>
            ((Dictionary<string, JsonElement>)carrier!)[key] = JsonSerializer.SerializeToElement(value, McpJson.Wire.String));
        return new JsonRpcRequest(request.Id, request.Method, ParamsMeta.Merge(request.Params, meta, overwrites: false));
    }

    /// <summary>The trace that the other side was in, and what travels along; malformed ones are as if they were not there.</summary>
    public static ActivityContext Extract(ReadOnlyMemory<byte> meta, out IEnumerable<KeyValuePair<string, string?>>? baggage)
    {
        baggage = null;
        if (meta.IsEmpty)
            return default;

        var carrier = Read(meta.Span);
        if (!ActivityContext.TryParse(carrier.Parent, carrier.State, isRemote: true, out var context))
            return default;

        if (carrier.Baggage is not null)
            baggage = W3C.ExtractBaggage(carrier.Baggage, GetBaggage);
        return context;
    }

    private static void GetBaggage(object? carrier, string name, out string? value, out IEnumerable<string>? values) =>
        (value, values) = (name == MetaKeys.Baggage ? (string?)carrier : null, null);

    private static (string? Parent, string? State, string? Baggage) Read(ReadOnlySpan<byte> meta)
    {
        (string? Parent, string? State, string? Baggage) found = default;
        var reader = new Utf8JsonReader(meta);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(MetaKeys.TraceParent))
                found.Parent = Text(ref reader, MostState);
            else if (reader.ValueTextEquals(MetaKeys.TraceState))
                found.State = Text(ref reader, MostState);
            else if (reader.ValueTextEquals(MetaKeys.Baggage))
                found.Baggage = Text(ref reader, MostBaggage);
            else
                reader.Skip();
        }

        return found;
    }

    private static string? Text(ref Utf8JsonReader reader, int most)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= most)
            return reader.GetString();

        reader.Skip();
        return null;
    }
}
