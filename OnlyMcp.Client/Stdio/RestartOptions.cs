using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Stdio;

/// <summary>How a server's process that ended by itself is started again.</summary>
/// <remarks>
/// It is started when the client next has something to ask, or was waiting for an answer. Requests that were lost with the process are
/// asked again, once, where each stands alone (since 2026-07-28): mind that a tool may have done its work before the process ended. In
/// older revisions the session is gone: what only reads is asked again, any other call fails with <see cref="SessionLostException"/>.
/// Spec: 2026-07-28 basic/transports/stdio §Unexpected Termination
/// </remarks>
public sealed record RestartOptions
{
    /// <summary>How often it is started again within <see cref="Window"/> before it is given up; 5.</summary>
    public int MaxRestarts { get; init; } = 5;

    /// <summary>The time within which restarts are counted; 1 minute.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait before the second restart within the window, and twice as long before each further one; 500 ms.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Is told why the process had ended, when it is running again.</summary>
    public Action<TransportClosedException>? OnRestarted { get; init; }
}
