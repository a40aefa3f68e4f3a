namespace OnlyMcp.Protocol.Revisions;

/// <summary>The two ways in which the protocol has been spoken: who holds state, who may ask, what opens a conversation.</summary>
/// <remarks>Spec: 2026-07-28 basic/versioning §Compatibility Matrix</remarks>
public enum Era
{
    /// <summary>A conversation is opened by <c>initialize</c>, lasts as a session, and both sides may send requests.</summary>
    Legacy,

    /// <summary>Every request stands alone and carries what the server must know; only the client sends requests.</summary>
    Modern,
}
