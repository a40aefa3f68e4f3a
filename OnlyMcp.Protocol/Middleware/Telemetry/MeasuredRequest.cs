using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>One request under measurement, on either side: a span from its start to its end, and the time it took.</summary>
/// <remarks>Exists only where somebody listens; see <see cref="Telemetry"/>.</remarks>
public sealed class MeasuredRequest
{
    private readonly JsonRpcRequest request;
    private readonly RequestTarget? target;
    private readonly Histogram<double> durations;
    private readonly TimeProvider time;
    private readonly long started;
    private readonly Activity? activity;

    private MeasuredRequest(JsonRpcRequest request, ActivityKind kind, TimeProvider time)
    {
        this.request = request;
        this.time = time;
        target = RequestTarget.Of(request);
        durations = kind == ActivityKind.Client ? Telemetry.ClientOperation : Telemetry.ServerOperation;
        started = time.GetTimestamp();
        activity = Start(kind);
    }

    /// <summary>Begins to measure a request that is about to be sent; null if nobody listens.</summary>
    public static MeasuredRequest? Asking(JsonRpcRequest request, TimeProvider time) =>
        Telemetry.HearsOfAsking ? new MeasuredRequest(request, ActivityKind.Client, time) : null;

    /// <summary>Begins to measure a request that has come; null if nobody listens.</summary>
    public static MeasuredRequest? Answering(JsonRpcRequest request, TimeProvider time) =>
        Telemetry.HearsOfAnswering ? new MeasuredRequest(request, ActivityKind.Server, time) : null;

    /// <summary>The request as it is to be sent, with the trace that the other side may join.</summary>
    public JsonRpcRequest Traced => activity is null ? request : TraceContext.Inject(request, activity);

    /// <summary>Ends the measurement: it was answered.</summary>
    public void Answered(JsonBody result, PeerFacts peer) =>
        End(peer, request.Method == Methods.ToolsCall && SaysError(result) ? new Failure("tool_error", null, null) : null);

    /// <summary>Ends the measurement: it failed, was refused, or nobody waits any more.</summary>
    public void Failed(Exception fault, PeerFacts peer) => End(peer, fault switch
    {
        JsonRpcException { Error: var error } => new Failure(Text(error.Code), Text(error.Code), error.Message),
        RequestTimedOutException => new Failure("timeout", null, fault.Message),
        OperationCanceledException => new Failure("cancelled", null, null),
        TransportClosedException => new Failure("disconnected", null, fault.Message),
        _ => new Failure(fault.GetType().FullName!, null, null),
    });

    private Activity? Start(ActivityKind kind)
    {
        if (!Telemetry.Source.HasListeners())
            return null;

        IEnumerable<KeyValuePair<string, string?>>? baggage = null;
        var parent = kind == ActivityKind.Server ? TraceContext.Extract(request.Meta, out baggage) : default;

        // SHOULD: the trace of the request is the parent, and that of what carried it, such as an HTTP request, a link.
        ActivityLink[]? links = parent != default && Activity.Current is { } carrier ? [new ActivityLink(carrier.Context)] : null;
        var name = target is { IsOneOfFew: true } known ? $"{request.Method} {known.Value}" : request.Method;
        var begun = Telemetry.Source.StartActivity(name, kind, parent, tags: null, links);
        foreach (var (key, value) in begun is null ? [] : baggage ?? [])
            begun!.AddBaggage(key, value);
        return begun;
    }

    private void End(PeerFacts peer, Failure? failure)
    {
        if (activity is not null)
            End(activity, peer, failure);
        if (durations.Enabled)
            Record(peer, failure);
    }

    private void End(Activity span, PeerFacts peer, Failure? failure)
    {
        var tags = new TagList { { "mcp.method.name", request.Method }, { "jsonrpc.request.id", request.Id.ToString() } };
        target?.Describe(ref tags);
        peer.Describe(ref tags);
        if (peer.SessionId is not null)
            tags.Add("mcp.session.id", peer.SessionId);
        if (peer.Client is not null)
            tags.Add("client.address", peer.Client.ToString());
        failure?.Describe(ref tags);
        foreach (var (key, value) in tags)
            span.SetTag(key, value);
        if (failure is not null)
            span.SetStatus(ActivityStatusCode.Error, failure.Message);
        span.Dispose();
    }

    private void Record(PeerFacts peer, Failure? failure)
    {
        // A client may ask for any number of methods and tools that are not there: they count as one.
        var isKnown = failure?.Code is not (UnknownMethod or UnknownTarget);
        var tags = new TagList { { "mcp.method.name", isKnown || Methods.IsOfTheProtocol(request.Method) ? request.Method : "_OTHER" } };
        if (isKnown && target is { IsOneOfFew: true } few)
            few.Describe(ref tags);
        peer.Describe(ref tags);
        failure?.Describe(ref tags);
        durations.Record(time.GetElapsedTime(started).TotalSeconds, tags);
    }

    private const string UnknownMethod = "-32601";
    private const string UnknownTarget = "-32602";

    private static string Text(int code) => code.ToString(CultureInfo.InvariantCulture);

    private static bool SaysError(JsonBody result)
    {
        if (result.Value is not null)
            return result.Value is CallToolResult { IsError: true };

        var reader = new Utf8JsonReader(result.ToUtf8().Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("isError"u8);
            reader.Read();
            if (found)
                return reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }

        return false;
    }

    private sealed record Failure(string Type, string? Code, string? Message)
    {
        public void Describe(ref TagList tags)
        {
            tags.Add("error.type", Type);
            if (Code is not null)
                tags.Add("rpc.response.status_code", Code);
        }
    }
}
