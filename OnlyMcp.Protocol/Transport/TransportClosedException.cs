namespace OnlyMcp.Protocol.Transport;

/// <summary>The line to the other side is gone: its process ended, its connection broke, or it was closed here.</summary>
public sealed class TransportClosedException : IOException
{
    /// <summary>Says why the line is gone.</summary>
    public TransportClosedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The exit code of the process on the other side, if there was one and it has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last lines that the process wrote to its standard error, oldest first; empty where there was no process.</summary>
    public IReadOnlyList<string> StandardErrorTail { get; init; } = [];
}
