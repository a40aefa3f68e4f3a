namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>The numbers that say what kind of error a response reports.</summary>
/// <remarks>Spec: 2026-07-28 basic §Error Codes</remarks>
public static class ErrorCode
{
    /// <summary>The bytes were no JSON.</summary>
    public const int ParseError = -32700;

    /// <summary>The JSON was no valid message.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>Nobody answers this method here.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>The parameters do not fit the method; an unknown tool or prompt is reported so too.</summary>
    public const int InvalidParams = -32602;

    /// <summary>Something failed inside the one that answers.</summary>
    public const int InternalError = -32603;

    /// <summary>Until 2025-11-25: there is no such resource. (Since 2026-07-28 that is <see cref="InvalidParams"/>.)</summary>
    public const int ResourceNotFound = -32002;

    /// <summary>2025-11-25 only: the user has to go to a web page before the request can succeed.</summary>
    public const int UrlElicitationRequired = -32042;

    /// <summary>An HTTP header is missing or contradicts the body.</summary>
    public const int HeaderMismatch = -32020;

    /// <summary>The request needs a capability that its sender did not declare.</summary>
    public const int MissingRequiredClientCapability = -32021;

    /// <summary>The protocol version of the request is not served here.</summary>
    public const int UnsupportedProtocolVersion = -32022;

    /// <summary>The sender has asked too often and should wait. Not the protocol's, which has no code for it.</summary>
    public const int RateLimited = 429;

    /// <summary>The sender's access token does not allow this. Not the protocol's, which has an HTTP status for it and no code.</summary>
    public const int InsufficientScope = 403;
}
