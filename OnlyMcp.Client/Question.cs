using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Client.Tasks;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client;

/// <summary>A request before it has an id.</summary>
/// <param name="Method">What is asked for.</param>
/// <param name="Params">The parameters, without their <c>_meta</c>.</param>
internal readonly record struct Question(string Method, JsonBody Params)
{
    /// <summary>What the era says in the <c>_meta</c> of the request.</summary>
    public MetaStamp Metadata { get; init; } = MetaStamp.None;

    /// <summary>What the caller says there.</summary>
    public RequestOptions Options { get; init; } = RequestOptions.Default;

    /// <summary>How long to wait for the answer.</summary>
    public RequestTimeouts Timeouts { get; init; } = RequestTimeouts.Default;

    /// <summary>Who hears of progress, if anyone.</summary>
    public RequestOptions? Listener { get; init; }

    /// <summary>Who hears of progress even when the request has been answered: it becomes a task.</summary>
    public TaskAudience? Task { get; init; }

    /// <summary>Who hears what the server tells while the request is open, if anyone.</summary>
    public Subscriber? Subscriber { get; init; }

    /// <summary>Takes an answer that comes all the same, soon after the request was cancelled; over a pipe, where it can come.</summary>
    public Action<JsonBody>? Late { get; init; }

    /// <summary>Whether the server is told when the answer is no longer wanted.</summary>
    public bool MayBeCancelled { get; init; } = true;
}
