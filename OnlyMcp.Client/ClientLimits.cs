using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client;

/// <summary>What a client bears from a server. The defaults are generous for honest servers and finite for others.</summary>
public sealed record ClientLimits
{
    /// <summary>The longest message that is taken, in bytes; 16 MiB by default. It bounds a JSON body and each server-sent event.</summary>
    public int MaxMessageBytes { get; init; } = SseReader.DefaultMaxEventBytes;

    /// <summary>How deep a message may nest; 64 by default.</summary>
    public int MaxDepth { get; init; } = JsonRpcReader.DefaultMaxDepth;

    /// <summary>How many pages of one list are asked for; 1,000 by default.</summary>
    public int MaxPages { get; init; } = 1_000;

    /// <summary>How many requests of a server are answered at a time, and those beyond refused; 100 by default. Until 2025-11-25.</summary>
    public int MaxServerRequests { get; init; } = 100;

    /// <summary>How often in a row a server may ask for input before it answers one request; 10 by default.</summary>
    public int MaxInputRounds { get; init; } = 10;

    /// <summary>How much input a server may ask for at a time; 100 questions by default.</summary>
    public int MaxInputRequests { get; init; } = 100;

    /// <summary>How many questions one task may ask in all its life; 1,000 by default. Since 2026-07-28.</summary>
    public int MaxTaskQuestions { get; init; } = 1_000;

    /// <summary>How many changes wait for somebody who listens and does not read; 1,000 by default. Further ones are told as one.</summary>
    public int MaxWaitingChanges { get; init; } = 1_000;

    /// <summary>How many listed tools are remembered, to check what they answer; 10,000 by default.</summary>
    public int MaxRememberedTools { get; init; } = 10_000;
}
