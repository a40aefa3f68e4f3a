namespace OnlyMcp.Client.Authorization;

/// <summary>Where a document was looked for, and what was there instead, for the words of the error if it is nowhere.</summary>
internal sealed class Attempts
{
    private readonly List<string> list = [];

    /// <summary>The document, if it is one.</summary>
    /// <returns>False if there is none at this address, and the next should be looked at.</returns>
    /// <exception cref="AuthorizationException">The server is in trouble, so that nobody can say whether there is one.</exception>
    public bool Found(Fetched fetched)
    {
        if (fetched.IsSuccess && fetched.IsJson)
            return true;

        // Choice: the pages do not say which answers mean that there is no document. These do: 4xx, and a web page in its place, as
        // programs answer that serve one page for every address. A server that is busy, broken or unreachable may have one all the same,
        // and whoever could cause that trouble shall not send a client elsewhere.
        list.Add($"GET {GuardedHttp.Show(fetched.Uri)}: {fetched}");
        return fetched switch
        {
            { Status: >= 400 and < 500 and not (408 or 429) } => false,
            { IsSuccess: true, IsWebPage: true } => false,
            _ => throw Failed("A document of authorization could not be read", "Try again later, or tell the server's operator"),
        };
    }

    /// <summary>The error that tells it all.</summary>
    public AuthorizationException Failed(string what, string advice) =>
        new(AuthorizationStep.Discovery, $"{what}.{string.Concat(list.Select(attempt => $" {attempt}."))} {advice}.");
}
