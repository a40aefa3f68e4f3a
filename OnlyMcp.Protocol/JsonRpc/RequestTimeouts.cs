namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>How long one waits for the answer to a request.</summary>
/// <remarks>Spec: 2025-11-25 basic/lifecycle §Timeouts</remarks>
public sealed record RequestTimeouts
{
    /// <summary>Sixty seconds, whatever progress is reported.</summary>
    public static RequestTimeouts Default { get; } = new();

    /// <summary>No limit at all.</summary>
    public static RequestTimeouts None { get; } = new() { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    /// <summary>How long to wait, counted from sending; 60 seconds by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a progress notification starts <see cref="Timeout"/> anew; off by default.</summary>
    public bool ResetOnProgress { get; init; }

    /// <summary>The longest wait whatever progress is reported; null, the default, for none beyond <see cref="Timeout"/>.</summary>
    public TimeSpan? Total { get; init; }
}

/// <summary>No answer came in time; the other side was told that none is wanted any more.</summary>
public sealed class RequestTimedOutException(string method, TimeSpan waited)
    : TimeoutException($"'{method}' was not answered within {waited.TotalSeconds:0.###} s. Allow more with RequestTimeouts, or have progress reset it.")
{
    /// <summary>The method that was asked for.</summary>
    public string Method { get; } = method;
}
