namespace OnlyMcp.Client.Authorization;

/// <summary>What has been done so far to get one request past a guarded server: every way is tried once, or as often as the options allow.</summary>
/// <param name="mayAskPerson">Whether a person may be sent to sign in for it; nobody is for what goes on in the background.</param>
internal sealed class Visit(bool mayAskPerson)
{
    private const int MaxNonces = 2;

    private int nonces;

    /// <summary>Whether a person may be sent to sign in for it.</summary>
    public bool MayAskPerson => mayAskPerson;

    /// <summary>How many tokens were got for it that the server then refused.</summary>
    public int Attempts { get; set; }

    /// <summary>Whether its token has been renewed already.</summary>
    public bool WasRefreshed { get; set; }

    /// <summary>Counts a nonce that the server asked for; false if it never has enough.</summary>
    public bool TakesNonce() => nonces++ < MaxNonces;
}
