using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client.Stdio;

/// <summary>What a client bears from a server at the other end of a pipe.</summary>
public sealed record PipeClientOptions
{
    /// <summary>The longest message in bytes; 16 MiB. A longer one is read away and reported as malformed.</summary>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How deep a message may nest; 64.</summary>
    public int MaxDepth { get; init; } = JsonRpcReader.DefaultMaxDepth;

    /// <summary>How many messages a batch may hold; 100.</summary>
    public int MaxBatchCount { get; init; } = Batch.DefaultMaxCount;

    /// <summary>How long the server may take to accept one message before the pipe is given up; 30 seconds.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
