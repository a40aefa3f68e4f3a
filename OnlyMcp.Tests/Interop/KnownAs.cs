namespace OnlyMcp.Tests.Interop;

/// <summary>The ways in which an authorization server can know our client.</summary>
public enum KnownAs
{
    /// <summary>It was registered beforehand, and has no secret.</summary>
    Public,

    /// <summary>It was registered beforehand with a secret.</summary>
    Secret,

    /// <summary>It was registered beforehand with a key.</summary>
    Key,

    /// <summary>Its id is the address of a document.</summary>
    Document,

    /// <summary>It registers by itself.</summary>
    Registered,
}
