using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Client.Eras;

/// <summary>How a client opens a conversation.</summary>
public enum Approach
{
    /// <summary>It asks <c>server/discover</c>: the modern way.</summary>
    Discover,

    /// <summary>It asks <c>initialize</c>: the way until 2025-11-25, over a pipe or Streamable HTTP.</summary>
    Initialize,

    /// <summary>It opens an event stream with GET, and asks <c>initialize</c> beside it: HTTP+SSE, the first HTTP transport.</summary>
    InitializeOverHttpSse,
}

/// <summary>What the search for a server's era does next.</summary>
internal abstract record ProbeStep
{
    /// <summary>Ask in this way, offering this revision.</summary>
    internal sealed record Try(Approach Approach, Revision Revision) : ProbeStep
    {
        /// <summary>The same question was answered by a request to ask it again: a second time would be for ever.</summary>
        public bool IsRepeat { get; init; }
    }

    /// <summary>The last way was the right one; speak this revision.</summary>
    internal sealed record Settle(Revision Revision) : ProbeStep;

    /// <summary>There is no way; tell why.</summary>
    internal sealed record GiveUp(string Reason) : ProbeStep
    {
        /// <summary>Whether the answer says something about the server's era, and so can contradict what was remembered.</summary>
        public bool IsEvidence { get; init; }
    }
}
