namespace PersonalDb;

/// <summary>Why something is not done.</summary>
internal enum Refusal
{
    Invalid,
    NotSignedIn,
    NotAllowed,
    Taken,
    TooOften,
    Full,
}

/// <summary>Something is not done; the message says why, to whoever asked, a person or a model.</summary>
internal sealed class RefusedException(Refusal reason, string message) : Exception(message)
{
    public Refusal Reason { get; } = reason;
}
